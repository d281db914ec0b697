package io.jobstarter.autoconfigure.actuate;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;

import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.distribution.CountAtBucket;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests of {@link JobMeterFilter}.
 */
class JobMeterFilterTests {

	private final SimpleMeterRegistry registry = new SimpleMeterRegistry();

	@Test
	void givesWaitsAndAttemptsBuckets() {
		this.registry.config().meterFilter(new JobMeterFilter(List.of(Duration.ofSeconds(1), Duration.ofMinutes(1))));
		assertThat(buckets("background.jobs.wait")).containsExactly(1e9, 60e9);
		assertThat(buckets("background.jobs.execution")).containsExactly(1e9, 60e9);
		assertThat(buckets("http.server.requests")).isEmpty();
	}

	@Test
	void describesWhatComesOfObservations() {
		this.registry.config().meterFilter(new JobMeterFilter(List.of()));
		assertThat(this.registry.timer("background.jobs.execution", "queue", "a").getId()).satisfies((id) -> {
			assertThat(id.getDescription()).isEqualTo("Attempts");
			assertThat(id.getTag("queue")).isEqualTo("a");
		});
		assertThat(this.registry.timer("http.server.requests").getId().getDescription()).isNull();
	}

	private double[] buckets(String name) {
		CountAtBucket[] counts = Timer.builder(name).register(this.registry).takeSnapshot().histogramCounts();
		return Arrays.stream(counts).mapToDouble(CountAtBucket::bucket).toArray();
	}

}
