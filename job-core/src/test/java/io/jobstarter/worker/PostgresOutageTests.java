package io.jobstarter.worker;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;

import io.jobstarter.JobEvent;
import io.jobstarter.JobFilter;
import io.jobstarter.JobId;
import io.jobstarter.JobInfo;
import io.jobstarter.JobState;
import io.jobstarter.testdatabases.EmbeddedPostgres;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A node whose database goes away and comes back.
 */
@Timeout(120)
class PostgresOutageTests {

	private static final Duration LEASE = Duration.ofSeconds(2);

	private EmbeddedPostgres server;

	private TestDatabase database;

	private final List<Integer> ran = new CopyOnWriteArrayList<>();

	private final CountDownLatch mayEnd = new CountDownLatch(1);

	@BeforeEach
	void startServer() {
		this.server = EmbeddedPostgres.start();
		this.database = TestDatabase.on(this.server);
	}

	@AfterEach
	void stopServer() {
		this.database.close();
		this.server.close();
	}

	record Task(int number) {
	}

	@Test
	void writesTheOutcomeOfAJobThatEndedWhileTheDatabaseWasAway() {
		try (TestNode node = node().start()) {
			JobId id = node.client().enqueue(new Task(0)).id();
			await().until(() -> this.ran.contains(0));
			makeTheClaimDurable(node);
			this.server.crash();
			this.mayEnd.countDown();
			await().until(() -> !node.worker().health().isUp() && !node.worker().health().leased());
			assertThat(node.events(JobEvent.Settled.class)).isEmpty();
			this.server.restart();
			await().until(() -> node.events(JobEvent.Settled.class).size() == 1);
			assertThat(node.operations().find(id)).get().satisfies((job) -> {
				assertThat(job.state()).isEqualTo(JobState.SUCCEEDED);
				assertThat(job.attempts()).isZero();
				assertThat(job.crashes()).isZero();
			});
			await().until(() -> node.worker().health().isUp());
			node.client().enqueue(new Task(1));
			await().until(() -> this.ran.contains(1));
			assertThat(this.ran).containsExactly(0, 1);
			assertThat(node.events(JobEvent.LeaseLost.class)).isEmpty();
		}
	}

	@Test
	void takesNoJobFromALiveNodeAfterAnOutageLongerThanItsLease() {
		try (TestNode holder = node().start(); TestNode other = node().start()) {
			JobId id = holder.client().enqueue(new Task(0)).id();
			await().until(() -> this.ran.contains(0));
			makeTheClaimDurable(holder);
			this.server.crash();
			await().until(() -> !holder.worker().health().leased() && !other.worker().health().leased());
			this.server.restart();
			await().until(() -> holder.worker().health().isUp() && other.worker().health().isUp());
			other.client().enqueue(new Task(1));
			await().until(() -> jobs(other, JobState.SUCCEEDED).size() == 1);
			long upBefore = upMillis(other);
			await().until(() -> upMillis(other) > upBefore + LEASE.toMillis());
			assertThat(state(holder, id)).isEqualTo(JobState.RUNNING);
			this.mayEnd.countDown();
			await().until(() -> state(holder, id) == JobState.SUCCEEDED);
			assertThat(this.ran).containsExactlyInAnyOrder(0, 1);
			assertThat(holder.events(JobEvent.Recovered.class)).isEmpty();
			assertThat(other.events(JobEvent.Recovered.class)).isEmpty();
		}
	}

	private TestNode.Builder node() {
		return TestNode.on(this.database).lease(LEASE).handle(Task.class, (task, attempt) -> {
			this.ran.add(task.number());
			if (task.number() == 0) {
				this.mayEnd.await();
			}
		});
	}

	// Claims do not wait for the disk; whoever commits next takes them along.
	private static void makeTheClaimDurable(TestNode node) {
		node.client().job(new Task(2)).in(Duration.ofDays(1)).enqueue();
	}

	// How long the database has been up without a gap, in milliseconds: recovery acts
	// once that is longer than a lease.
	private static long upMillis(TestNode node) {
		Long millis = node.jdbc()
			.queryForObject("select cast(extract(epoch from clock_timestamp() - up_since) * 1000 as bigint) "
					+ "from background_job_pulse", Long.class);
		return (millis != null) ? millis : 0;
	}

	private static JobState state(TestNode node, JobId id) {
		return node.operations().find(id).map(JobInfo::state).orElseThrow();
	}

	private static List<JobInfo> jobs(TestNode node, JobState state) {
		return node.operations().find(JobFilter.in(state), null, 200).items();
	}

	private static ConditionFactory await() {
		return Awaitility.await().atMost(Duration.ofSeconds(40));
	}

}
