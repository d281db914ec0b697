package io.jobstarter.autoconfigure;

import java.util.List;
import java.util.Set;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.SmartLifecycle;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.event.ContextRefreshedEvent;
import org.springframework.context.event.EventListener;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Tests that an application which does not start leaves no thread and no pool behind: one
 * that is no daemon would keep the process, as if it worked.
 */
class FailedStartTests {

	private final Set<Thread> before = Thread.getAllStackTraces().keySet();

	private final ApplicationContextRunner application = Contexts.onPostgres().withUserConfiguration(Greetings.class);

	@Test
	void leavesNothingBehindWhereTheTablesAreMissing() {
		fail(this.application.withPropertyValues("background-jobs.schema.initialize=never"));
	}

	@Test
	void leavesNothingBehindWhereAHandlerCannotWork() {
		fail(this.application.withUserConfiguration(BadHandlers.PrivateMethod.class));
	}

	@ParameterizedTest
	@ValueSource(classes = { FailsAfterTheWorker.class, FailsOnceAllIsStarted.class })
	void leavesNothingBehindWhereTheApplicationFailsWhenTheWorkerRuns(Class<?> failing) {
		fail(this.application.withUserConfiguration(failing));
	}

	private void fail(ApplicationContextRunner application) {
		application.run((context) -> {
			assertThat(context).hasFailed();
			await().untilAsserted(() -> assertThat(left()).isEmpty());
		});
	}

	private List<String> left() {
		return Thread.getAllStackTraces()
			.keySet()
			.stream()
			.filter((thread) -> !this.before.contains(thread))
			.map(Thread::getName)
			.filter((name) -> name.startsWith("background-jobs") || name.startsWith("HikariPool"))
			.toList();
	}

	/**
	 * Fails to start in a phase after that of the worker.
	 */
	static class FailsAfterTheWorker implements SmartLifecycle {

		@Override
		public void start() {
			throw new IllegalStateException("No");
		}

		@Override
		public void stop() {
		}

		@Override
		public boolean isRunning() {
			return false;
		}

	}

	/**
	 * Fails when everything runs.
	 */
	@Configuration(proxyBeanMethods = false)
	static class FailsOnceAllIsStarted {

		@EventListener(ContextRefreshedEvent.class)
		void fail() {
			throw new IllegalStateException("No");
		}

	}

}
