package io.jobstarter.autoconfigure.actuate;

import java.time.Duration;
import java.time.InstantSource;
import java.util.List;

import io.jobstarter.JobOperations;
import io.jobstarter.autoconfigure.BackgroundJobProperties;
import io.jobstarter.autoconfigure.DatabaseState;
import io.jobstarter.autoconfigure.NodeThreads;
import io.jobstarter.worker.JobWorker;
import io.jobstarter.worker.WorkerSettings;

import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/**
 * What health indicators ask, whatever version of Spring Boot they are written for.
 */
@Configuration(proxyBeanMethods = false)
@ConditionalOnBean(JobWorker.class)
class HealthCheckConfiguration {

	private static final Duration MEMORY = Duration.ofSeconds(5);

	@Bean(destroyMethod = "stop")
	RememberedQueues backgroundJobRememberedQueues(JobOperations operations, DatabaseState database) {
		return new RememberedQueues(() -> database.isReady() ? operations.queues() : List.of(), InstantSource.system(),
				MEMORY);
	}

	@Bean
	BackgroundJobHealthCheck backgroundJobHealthCheck(JobWorker worker, WorkerSettings settings, NodeThreads threads,
			DatabaseState database, RememberedQueues queues, BackgroundJobProperties properties) {
		return new BackgroundJobHealthCheck(new BackgroundJobHealthCheck.Node(worker, settings, threads, database),
				queues, properties.health(), InstantSource.system());
	}

}
