package io.jobstarter.worker;

import java.time.Duration;
import java.util.Map;

import io.jobstarter.worker.WorkerSettings.QueueOrder;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * How patient a node is, by its lease.
 */
class WorkerSettingsTests {

	@ParameterizedTest
	@CsvSource({ "2s, 400ms, 2s, 8s", "10s, 2s, 3333ms, 8s", "30s, 5s, 10s, 15s", "10m, 5s, 10s, 20s" })
	void leavesTheTimeToTryAgainWithinALeaseAndTenSeconds(String lease, String backoff, String heartbeat,
			String others) {
		WorkerSettings settings = new WorkerSettings(duration(lease), Duration.ofMillis(100), Duration.ofSeconds(1),
				Duration.ofSeconds(20), Map.of(), QueueOrder.WEIGHTED, null, Duration.ofMinutes(1), true);
		assertThat(settings.maxBackoff()).isEqualTo(duration(backoff));
		assertThat(settings.heartbeatPatience().toMillis()).isEqualTo(duration(heartbeat).toMillis());
		assertThat(settings.patience()).isEqualTo(duration(others));
	}

	private static Duration duration(String text) {
		return Duration
			.parse("PT" + (text.endsWith("ms") ? Double.parseDouble(text.replace("ms", "")) / 1_000 + "s" : text));
	}

}
