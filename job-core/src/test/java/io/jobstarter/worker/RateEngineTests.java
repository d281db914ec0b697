package io.jobstarter.worker;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.IntStream;

import io.jobstarter.JobRate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Two nodes that share the rate of a queue.
 */
@Timeout(60)
class RateEngineTests {

	private static final JobRate RATE = new JobRate(10, Duration.ofMillis(400));

	private final List<Long> calls = new CopyOnWriteArrayList<>();

	private TestDatabase database;

	private TestNode first;

	private TestNode second;

	@BeforeEach
	void start() {
		this.database = TestDatabase.postgres();
		this.first = node();
		this.second = node();
	}

	@AfterEach
	void stop() {
		this.first.close();
		this.second.close();
		this.database.close();
	}

	private TestNode node() {
		return TestNode.on(this.database).handle(Task.class, (task, attempt) -> {
		})
			.handle(Call.class, (call, attempt) -> this.calls.add(System.nanoTime()),
					new TestNode.Traits().limitRate("api", RATE))
			.queue("mail", 7)
			.queue("default", 3)
			.rate("mail", RATE)
			.pollInterval(Duration.ofSeconds(30))
			.start();
	}

	// Without the wake-up when permits come, this would take the poll interval.
	@Test
	void jobsStartInOrderAsFastAsTheRateAllowsAndNoFasterWhileOtherQueuesGoOn() {
		this.first.transactions().executeWithoutResult((status) -> {
			IntStream.range(0, 40).forEach((i) -> this.first.client().job(new Task(i)).queue("mail").enqueue());
			IntStream.range(0, 40).forEach((i) -> this.first.client().job(new Task(i)).enqueue());
		});
		await().atMost(Duration.ofSeconds(20)).until(() -> starts("mail").size() == 40);
		assertThat(starts("default")).hasSize(40);
		List<Instant> starts = starts("mail");
		for (int i = RATE.permits(); i < starts.size(); i++) {
			assertThat(Duration.between(starts.get(i - RATE.permits()), starts.get(i)))
				.isGreaterThanOrEqualTo(RATE.per());
		}
		assertThat(ids()).isSorted();
	}

	// A start follows its permit by a commit and a hand-over, which no database measures:
	// so two may be closer by that much than their permits.
	@Test
	void jobsOfAKeyGoOnWhenPermitsCome() {
		this.first.transactions()
			.executeWithoutResult(
					(status) -> IntStream.range(0, 35).forEach((i) -> this.first.client().enqueue(new Call(i))));
		await().atMost(Duration.ofSeconds(20)).until(() -> starts("default").size() == 35);
		List<Long> calls = this.calls.stream().sorted().toList();
		long slack = Duration.ofMillis(200).toNanos();
		for (int i = RATE.permits(); i < calls.size(); i++) {
			assertThat(calls.get(i) - calls.get(i - RATE.permits())).isGreaterThan(RATE.per().toNanos() - slack);
		}
	}

	private List<Instant> starts(String queue) {
		return this.first.jdbc()
			.query("select started_at from background_job_history where queue = ? order by started_at",
					(row, number) -> row.getTimestamp(1).toInstant(), queue);
	}

	private List<Long> ids() {
		return this.first.jdbc()
			.queryForList("select id from background_job_history where queue = 'mail' "
					+ "order by date_trunc('milliseconds', started_at), id", Long.class);
	}

	record Task(int number) {
	}

	record Call(int number) {
	}

}
