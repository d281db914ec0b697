package io.jobstarter.autoconfigure.actuate;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import io.jobstarter.JobClient;
import io.jobstarter.autoconfigure.Contexts;
import io.jobstarter.autoconfigure.Greetings;
import io.jobstarter.autoconfigure.Greetings.Greet;
import io.jobstarter.autoconfigure.Greetings.Refuse;
import io.jobstarter.testdatabases.EmbeddedPostgres;
import io.jobstarter.testdatabases.InstalledServers;
import io.micrometer.core.instrument.Meter;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import org.springframework.boot.actuate.autoconfigure.metrics.export.prometheus.PrometheusMetricsExportAutoConfiguration;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.context.ApplicationContext;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.awaitility.Awaitility.await;

/**
 * What Prometheus gets to see of an application on PostgreSQL that has run jobs.
 */
class ScrapeTests {

	/** What exists only where something has happened, or where others make it. */
	private static final Set<JobMeter> ELSEWHERE = Set.of(JobMeter.LEASE_HELD, JobMeter.LOOP_FAILURES,
			JobMeter.BREAKER_OPEN, JobMeter.PARKED, JobMeter.RATE_LIMITED, JobMeter.REFUSED);

	@TempDir
	private Path directory;

	@Test
	void hasEveryMeterAndOnlyDocumentedOnesAndIsClean() {
		Contexts.complete()
			.withPropertyValues(postgres())
			.withConfiguration(AutoConfigurations.of(PrometheusMetricsExportAutoConfiguration.class))
			.withUserConfiguration(Greetings.class)
			.withPropertyValues("background-jobs.recurring.nightly.schedule=@yearly",
					"background-jobs.recurring.nightly.job=greet",
					"background-jobs.recurring.nightly.payload={\"name\":\"night\"}")
			.withPropertyValues("background-jobs.metrics.buckets=100ms,10s",
					"management.metrics.distribution.slo.background.jobs.execution=7s")
			.run((context) -> {
				PrometheusMeterRegistry registry = context.getBean(PrometheusMeterRegistry.class);
				runJobs(context, registry);
				assertThat(names(registry)).containsAll(Stream.of(JobMeter.values())
					.filter((meter) -> !ELSEWHERE.contains(meter))
					.map(JobMeter::getName)
					.toList());
				String scrape = registry.scrape();
				assertThat(scrape)
					.contains("background_jobs_queue_depth_jobs{queue=\"default\",state=\"ready\"} 0.0",
							"background_jobs_workers 1.0", "background_jobs_queue_workers{queue=\"broken\"} 1.0",
							"background_jobs_slots 15.0", "background_jobs_dead_unresolved{job_name=\"refuse\"} 1.0",
							"background_jobs_cpu_seconds_count{job_name=\"greet\",queue=\"default\"} 1",
							"background_jobs_wait_seconds_bucket{job_name=\"greet\",queue=\"default\",le=\"10.0\"} 1")
					.containsPattern("background_jobs_execution_seconds_bucket\\{.*le=\"7.0\"\\} 1")
					.doesNotContainPattern("background_jobs_execution_seconds_bucket\\{.*le=\"10.0\"\\}");
				check(scrape);
			});
	}

	private static String[] postgres() {
		String url = EmbeddedPostgres.shared().createDatabase();
		return new String[] { "spring.datasource.url=" + url, "spring.datasource.username=postgres",
				"spring.datasource.password=postgres" };
	}

	private static void runJobs(ApplicationContext context, PrometheusMeterRegistry registry) {
		context.getBean(JobClient.class).enqueue(new Greet("you"));
		context.getBean(JobClient.class).enqueue(new Refuse("no"));
		await().until(() -> registry.get("background.jobs.dead")
			.tag("reason", "exhausted")
			.tag("job.name", "refuse")
			.counter()
			.count() == 1);
		await().until(() -> context.getBean(Greetings.class).greeted().size() == 1);
		await().until(() -> !Double.isNaN(registry.get("background.jobs.vacuum.held.back").gauge().value()));
	}

	private static List<String> names(PrometheusMeterRegistry registry) {
		List<String> names = registry.getMeters()
			.stream()
			.map(Meter::getId)
			.map(Meter.Id::getName)
			.filter((name) -> name.startsWith("background.jobs."))
			.distinct()
			.toList();
		Set<String> documented = Arrays.stream(JobMeter.values()).map(JobMeter::getName).collect(Collectors.toSet());
		assertThat(names).filteredOn((name) -> !name.matches("background[.]jobs[.](execution|enqueue)([.]active)?"))
			.allMatch(documented::contains);
		return names;
	}

	private void check(String scrape) throws IOException, InterruptedException {
		assumeThat(InstalledServers.have("prometheus", "promtool")).isTrue();
		Path ours = Files.writeString(this.directory.resolve("scrape.txt"),
				scrape.lines()
					.filter((line) -> line.contains("background_jobs_"))
					.collect(Collectors.joining("\n", "", "\n")));
		Process promtool = new ProcessBuilder(InstalledServers.find("promtool").orElseThrow().toString(), "check",
				"metrics")
			.redirectInput(ours.toFile())
			.redirectErrorStream(true)
			.redirectOutput(this.directory.resolve("report.txt").toFile())
			.start();
		assertThat(promtool.waitFor(10, TimeUnit.SECONDS)).isTrue();
		assertThat(this.directory.resolve("report.txt")).content().isEmpty();
		assertThat(promtool.exitValue()).isZero();
	}

}
