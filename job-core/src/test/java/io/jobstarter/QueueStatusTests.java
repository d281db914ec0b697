package io.jobstarter;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class QueueStatusTests {

	private static final Instant NOW = Instant.parse("2030-01-01T00:00:00Z");

	private static QueueInfo mailers(long ready, @Nullable Integer concurrency) {
		return new QueueInfo("mailers", Map.of(JobState.READY, ready), null, null, null, concurrency, null);
	}

	private static WorkerInfo worker(boolean alive, boolean stopping, @Nullable WorkerReport report,
			ServedQueue... queues) {
		WorkerDeclaration declaration = (queues.length > 0) ? new WorkerDeclaration(List.of(queues), false, 10) : null;
		return new WorkerInfo(1, "node", 1, NOW, NOW, NOW, stopping, false, alive, null, declaration, report);
	}

	private static WorkerReport report(int slots, long over, QueueLoad... loads) {
		return new WorkerReport(slots, 2, 0, false, false, new SettledCounts(over, 0, 0, 0, 0, 0),
				Duration.ofSeconds(60), List.of(loads), null);
	}

	private static QueueLoad load(int running, int over) {
		return new QueueLoad("mailers", running, 1, List.of(new JobId(7)), Duration.ofMinutes(running),
				new SettledCounts(over, 5, 0, 0, 0, 0));
	}

	@Test
	void addsUpWhatWorkersSay() {
		List<WorkerInfo> workers = List.of(
				worker(true, false, report(8, 600, load(2, 600)), new ServedQueue("mailers", 3, 1)),
				worker(true, false, report(8, 60, load(3, 60)), new ServedQueue("mail*", 4, 1)),
				worker(true, false, report(8, 0), new ServedQueue("other", 4, 1)));
		QueueStatus status = QueueStatus.of(mailers(220, null), workers);
		assertThat(status.workers()).isEqualTo(2);
		assertThat(status.slots()).isEqualTo(7);
		assertThat(status.running()).isEqualTo(5);
		assertThat(status.ahead()).isEqualTo(2);
		assertThat(status.longestFor()).isEqualTo(Duration.ofMinutes(3));
		assertThat(status.settled()).isEqualTo(new SettledCounts(660, 10, 0, 0, 0, 0));
		assertThat(status.perSecond()).isEqualTo(11);
		assertThat(status.timeToEmpty()).isEqualTo(Duration.ofSeconds(20));
	}

	@Test
	void countsNobodyWhoTakesNoJobs() {
		ServedQueue mailers = new ServedQueue("mailers", 3, 1);
		QueueStatus status = QueueStatus.of(mailers(1, null),
				List.of(worker(false, false, report(8, 60, load(2, 60)), mailers), worker(true, true, null, mailers),
						worker(true, false, null)));
		assertThat(status.workers()).isZero();
		assertThat(status.slots()).isZero();
		assertThat(status.perSecond()).isZero();
		assertThat(status.timeToEmpty()).isNull();
		assertThat(status.longestFor()).isNull();
	}

	@Test
	void followsWhatAnOperatorHasSet() {
		assertThat(
				QueueStatus.of(mailers(0, 20), List.of(worker(true, false, report(50, 0), served("mailers")))).slots())
			.isEqualTo(20);
		assertThat(QueueStatus.of(mailers(0, 20), List.of(worker(true, false, report(50, 0), served("mail*")))).slots())
			.isEqualTo(3);
		assertThat(QueueStatus.of(mailers(0, 20), List.of(worker(true, false, null, served("mailers")))).slots())
			.isEqualTo(10);
		assertThat(QueueStatus.of(mailers(0, 20), List.of()).timeToEmpty()).isZero();
	}

	private static ServedQueue served(String pattern) {
		return new ServedQueue(pattern, 3, 1);
	}

	@Test
	void theLongestBeginningServesUnlessTheVeryNameDoes() {
		WorkerDeclaration declaration = new WorkerDeclaration(
				List.of(new ServedQueue("*", 1, 1), new ServedQueue("mail*", 2, 1), new ServedQueue("mailers", 3, 1)),
				false, 6);
		assertThat(declaration.entryOf("mailers").orElseThrow().concurrency()).isEqualTo(3);
		assertThat(declaration.entryOf("mail").orElseThrow().concurrency()).isEqualTo(2);
		assertThat(declaration.entryOf("other").orElseThrow().concurrency()).isEqualTo(1);
		assertThat(new WorkerDeclaration(List.of(new ServedQueue("mailers", 3, 1)), false, 3).serves("mail")).isFalse();
	}

}
