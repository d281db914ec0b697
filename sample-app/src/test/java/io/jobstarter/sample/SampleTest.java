package io.jobstarter.sample;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

import org.springframework.boot.test.autoconfigure.actuate.observability.AutoConfigureObservability;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.context.annotation.Import;

/**
 * Starts the whole application on a port of its own, with settings that let tests be
 * short. All tests of one database share one application: each brings its own deliveries.
 */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@SpringBootTest(webEnvironment = WebEnvironment.RANDOM_PORT,
		properties = { "sample.admin-token=" + SampleTest.ADMIN_TOKEN,
				"sample.github.webhook-secret=" + SampleTest.WEBHOOK_SECRET, "sample.github.max-body=1MB",
				"sample.downstream.retry-delay=50ms", "spring.http.client.read-timeout=500ms",
				"background-jobs.worker.poll-interval=100ms", "management.tracing.sampling.probability=1",
				"logging.structured.format.file=ecs", "logging.file.name=" + SampleTest.LOG_FILE })
// Else tests have no /actuator/prometheus, and no traces.
@AutoConfigureObservability
@Import({ SampleClient.class, SampleJobs.class, SampleTraces.class })
public @interface SampleTest {

	String LOG_FILE = "target/sample-log.json";

	String ADMIN_TOKEN = "admin-token-of-the-tests";

	String WEBHOOK_SECRET = "webhook-secret-of-the-tests";

}
