package io.jobstarter.worker;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;

import io.jobstarter.JobEvent;
import io.jobstarter.JobId;
import io.jobstarter.JobInfo;
import io.jobstarter.JobState;
import io.jobstarter.testdatabases.EmbeddedPostgres;
import io.jobstarter.testdatabases.PgBouncer;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

/**
 * A node whose pooler, or the server behind it, is killed and comes back.
 */
@Timeout(120)
class PgBouncerOutageTests {

	private static final Duration LEASE = Duration.ofSeconds(2);

	private EmbeddedPostgres server;

	private PgBouncer pooler;

	private TestDatabase database;

	private final List<Integer> ran = new CopyOnWriteArrayList<>();

	private final CountDownLatch mayEnd = new CountDownLatch(1);

	@BeforeAll
	static void isInstalled() {
		assumeTrue(PgBouncer.isAvailable(), "PgBouncer is not installed");
	}

	@BeforeEach
	void start() {
		this.server = EmbeddedPostgres.start();
		this.pooler = PgBouncer.inFrontOf(this.server);
		this.database = TestDatabase.behind(this.pooler);
	}

	@AfterEach
	void stop() {
		this.database.close();
		this.pooler.close();
		this.server.close();
	}

	record Task(int number) {
	}

	@Test
	void goesOnAfterTheDeathOfItsPoolerAndRunsNothingTwice() {
		goesOnAfter(() -> this.pooler.crash(), () -> this.pooler.restart());
	}

	@Test
	void goesOnAfterTheDeathOfTheServerBehindItsPoolerAndRunsNothingTwice() {
		goesOnAfter(() -> this.server.crash(), () -> this.server.restart());
	}

	private void goesOnAfter(Runnable death, Runnable comeback) {
		try (TestNode node = node()) {
			JobId id = node.client().enqueue(new Task(0)).id();
			await().until(() -> this.ran.contains(0));
			// Claims do not wait for the disk; whoever commits next takes them along.
			node.client().job(new Task(2)).in(Duration.ofDays(1)).enqueue();
			death.run();
			this.mayEnd.countDown();
			await().until(() -> !node.worker().health().isUp() && !node.worker().health().leased());
			assertThat(node.events(JobEvent.Settled.class)).isEmpty();
			comeback.run();
			await().until(() -> node.events(JobEvent.Settled.class).size() == 1);
			assertThat(node.operations().find(id)).get().extracting(JobInfo::state).isEqualTo(JobState.SUCCEEDED);
			await().until(() -> node.worker().health().isUp());
			node.client().enqueue(new Task(1));
			await().until(() -> this.ran.contains(1));
			assertThat(this.ran).containsExactly(0, 1);
			assertThat(node.events(JobEvent.LeaseLost.class)).isEmpty();
		}
	}

	private TestNode node() {
		return TestNode.on(this.database).lease(LEASE).handle(Task.class, (task, attempt) -> {
			this.ran.add(task.number());
			if (task.number() == 0) {
				this.mayEnd.await();
			}
		}).start();
	}

	private static ConditionFactory await() {
		return Awaitility.await().atMost(Duration.ofSeconds(40));
	}

}
