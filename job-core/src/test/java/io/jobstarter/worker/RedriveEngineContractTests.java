package io.jobstarter.worker;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

import io.jobstarter.Audit;
import io.jobstarter.DeadLetter;
import io.jobstarter.DeadLetterFilter;
import io.jobstarter.DeadLetterRedrives;
import io.jobstarter.JobId;
import io.jobstarter.RedriveInfo;
import io.jobstarter.RedriveRequest;
import io.jobstarter.RedriveState;
import io.jobstarter.fixture.DeadLetters;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import org.springframework.jdbc.core.simple.JdbcClient;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Ten thousand dead letters, redriven by nodes that run their jobs.
 */
@Timeout(60)
abstract class RedriveEngineContractTests {

	private static final DeadLetterFilter OF_DISK = DeadLetterFilter.OPEN.withErrorClass("BrokenDisk");

	private final Map<Integer, Integer> succeeded = new ConcurrentHashMap<>();

	private final Map<Integer, JobId> failed = new ConcurrentHashMap<>();

	private final List<TestNode> nodes = new ArrayList<>();

	private volatile boolean broken = true;

	private TestDatabase database;

	abstract TestDatabase createDatabase();

	@BeforeEach
	void buryTenThousandJobs() {
		this.database = createDatabase();
		JdbcClient client = JdbcClient.create(this.database.application());
		DeadLetters.add(client::sql, 4_500, "task", "NoNetwork");
		DeadLetters.add(client::sql, 1_000, "task", "BrokenDisk");
		DeadLetters.add(client::sql, 4_500, "task", "OutOfPaper");
	}

	@AfterEach
	void close() {
		this.nodes.forEach(TestNode::close);
		this.database.close();
	}

	record Task(int number) {
	}

	private TestNode node() {
		TestNode node = TestNode.on(this.database).handle(Task.class, (task, attempt) -> {
			if (this.broken) {
				this.failed.put(task.number(), attempt.redriveOf());
				throw new IOException("still broken");
			}
			this.succeeded.merge(task.number(), 1, Integer::sum);
		}).start();
		this.nodes.add(node);
		return node;
	}

	@Test
	void aCanaryStopsByItselfAndWhatFollowsItsCureOutlivesANode() {
		TestNode first = node();
		DeadLetterRedrives redrives = first.operations().redrives();
		assertThat(redrives.count(OF_DISK)).isEqualTo(1_000);
		long id = redrives.start(RedriveRequest.of(OF_DISK).canary(5, 4).perSecond(1_000), Audit.because("try"));
		await().until(() -> state(redrives, id) == RedriveState.STOPPED);
		// Two failures are enough, and may come before all five are under way.
		int tried = (int) redriven(redrives, id);
		assertThat(tried).isBetween(2, 5);
		await().until(() -> redrives.count(DeadLetterFilter.OPEN.withErrorClass(IOException.class.getName())) == tried);
		assertThat(this.failed).hasSize(tried);
		this.failed.forEach((number, origin) -> {
			DeadLetter letter = first.operations().deadLetter(origin).orElseThrow();
			assertThat(letter.payload()).isEqualTo("{\"number\":" + number + "}");
			assertThat(first.operations().deadLetter(letter.retriedAs()).orElseThrow().redriveOf()).isEqualTo(origin);
		});

		this.broken = false;
		TestNode second = node();
		redrives.resume(id, Audit.because("a new disk"));
		await().until(() -> redriven(redrives, id) > 200);
		first.close();
		await().atMost(Duration.ofSeconds(30))
			.until(() -> state(second.operations().redrives(), id) == RedriveState.DONE);
		await().until(() -> this.succeeded.size() == 1_000 - tried);
		assertThat(this.succeeded.values()).containsOnly(1);
		assertThat(redriven(second.operations().redrives(), id)).isEqualTo(1_000);
		assertThat(redrives.count(DeadLetterFilter.OPEN)).isEqualTo(9_000 + tried);
	}

	private static RedriveState state(DeadLetterRedrives redrives, long id) {
		return redrives.find(id).orElseThrow().state();
	}

	private static long redriven(DeadLetterRedrives redrives, long id) {
		RedriveInfo redrive = redrives.find(id).orElseThrow();
		return redrive.progress().redriven();
	}

}
