package io.jobstarter.benchmarks.engine;

import io.jobstarter.BackgroundJob;

import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/**
 * An application that has this project's starter and one handler.
 */
@Configuration(proxyBeanMethods = false)
@EnableAutoConfiguration
class JobStarterApplication {

	@Bean
	Handler handler() {
		return new Handler();
	}

	@Bean
	KeyedWork.Handlers keyedHandlers() {
		return new KeyedWork.Handlers();
	}

	/**
	 * Counts.
	 */
	static class Handler {

		@BackgroundJob(queue = JobStarterEngine.QUEUE)
		void work(Work work) {
			Tally.ran(work);
		}

		@BackgroundJob(queue = JobStarterEngine.TENANTS, fairBy = "#{payload.tenant()}")
		void tenant(TenantWork work) throws InterruptedException {
			Tally.ran(work.work());
			Thread.sleep(work.millis());
		}

	}

}
