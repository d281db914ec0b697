package io.jobstarter.faults.network;

import java.time.Duration;
import java.util.List;

import io.jobstarter.faults.NetworkJobs.Quiet;
import io.jobstarter.faults.NetworkJobs.QuietEffect;
import io.jobstarter.faults.NetworkJobs.QuietOrNever;
import io.jobstarter.faults.fleet.Fleet;
import io.jobstarter.faults.fleet.FleetDatabase;
import io.jobstarter.faults.fleet.FleetServer;
import io.jobstarter.faults.fleet.NodeOptions;
import io.jobstarter.faults.fleet.NodeProcess;
import io.jobstarter.faults.fleet.TcpProxy;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The server does what a node asks, and the node never hears of it.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class LostReplyTests {

	/** Time to arm the proxy in, in milliseconds. */
	private static final int BODY = 1_500;

	private final FleetDatabase database = FleetDatabase.create(FleetServer.POSTGRESQL);

	private final Fleet fleet = new Fleet(this.database, NetworkForm.ofThisRun().nodeSettings());

	private final TcpProxy proxy = this.database.proxy();

	private NodeProcess node;

	@BeforeAll
	void start() {
		// The statements' texts are sent each time, so that the proxy knows them.
		this.node = this.fleet.start(NodeOptions.NONE.through(this.proxy)
			.with("--spring.datasource.hikari.data-source-properties.prepareThreshold=0"));
		this.fleet.awaitAtWork(1);
	}

	@AfterAll
	void stop() {
		this.fleet.close();
		this.proxy.close();
		this.database.close();
	}

	@Test
	void aSettledJobWhoseCommitHasNoReplyIsSettledOnceAndSaysSo() {
		long id = run(new Quiet(1, BODY, 0), "width_bucket");
		assertThat(told(1, id)).containsExactly("started 1 attempt 1", "settled " + id + " Succeeded");
		assertThat(count("background_job_history where id = " + id + " and attempts = 0 and crashes = 0")).isOne();
	}

	@Test
	void aFailureWhoseCommitHasNoReplyIsCountedOnce() {
		long id = run(new Quiet(2, BODY, 1), "insert into background_job_failure");
		assertThat(told(2, id)).containsExactly("started 2 attempt 1", "settled " + id + " Retried",
				"started 2 attempt 2", "settled " + id + " Succeeded");
		assertThat(count("background_job_failure where job_id = " + id)).isOne();
		assertThat(count("background_job_history where id = " + id + " and attempts = 1 and crashes = 0")).isOne();
	}

	@Test
	void aTransactionalHandlerWhoseCommitHasNoReplyRunsOnceAndHasNotFailed() {
		long id = run(new QuietEffect(3, BODY), "case current_setting(");
		assertThat(told(3, id)).containsExactly("started 3 attempt 1", "settled " + id + " Succeeded");
		assertThat(count("effect where number = 3")).isOne();
		assertThat(count("background_job_failure where job_id = " + id)).isZero();
		assertThat(count("background_job_history where id = " + id + " and attempts = 0 and crashes = 0")).isOne();
	}

	@Test
	void aTransactionalHandlerWhoseCommitHasNoReplyHearsOfNoDiscard() {
		long id = run(new QuietOrNever(5, 300), "case current_setting(");
		assertThat(told(5, id)).containsExactly("started 5 attempt 1", "settled " + id + " Succeeded");
		assertThat(count("effect where number = 5")).isOne();
	}

	@Test
	void aClaimWhoseCommitHasNoReplyIsGivenBackAndItsJobRunsOnce() {
		int before = this.proxy.struck();
		this.proxy.dropReply("claimed_at = clock_timestamp()", TcpProxy.REPLY_TO_COMMIT);
		long id = this.database.client().enqueue(new Quiet(4, 10, 0)).id().value();
		awaitEnd(id);
		assertThat(this.proxy.struck()).isEqualTo(before + 1);
		assertThat(told(4, id)).containsExactly("started 4 attempt 1", "settled " + id + " Succeeded");
		assertThat(count("background_job_history where id = " + id + " and attempts = 0 and crashes = 0")).isOne();
	}

	// Armed once the body runs: by then no other statement has this text.
	private long run(Object job, String lastStatement) {
		int before = this.proxy.struck();
		long id = this.database.client().enqueue(job).id().value();
		await().until(() -> count("background_job_job where worker is not null and id = " + id) == 1);
		this.proxy.dropReply(lastStatement, TcpProxy.REPLY_TO_COMMIT);
		awaitEnd(id);
		assertThat(this.proxy.struck()).as("replies dropped").isEqualTo(before + 1);
		return id;
	}

	private void awaitEnd(long id) {
		await().until(() -> count("background_job_job where id = " + id) == 0);
		await().until(() -> NodeOutput.of(this.node)
			.told()
			.stream()
			.anyMatch((line) -> line.equals("settled " + id + " Succeeded") || line.equals("lost " + id)));
	}

	private List<String> told(int number, long id) {
		return NodeOutput.of(this.node)
			.told()
			.stream()
			.filter((line) -> line.startsWith("started " + number + " ") || line.startsWith("settled " + id + " ")
					|| line.equals("lost " + id) || line.startsWith("discarded " + number + " "))
			.toList();
	}

	private int count(String query) {
		return this.database.count(query);
	}

	private static ConditionFactory await() {
		return Awaitility.await().atMost(Duration.ofSeconds(60)).pollInterval(Duration.ofMillis(20));
	}

}
