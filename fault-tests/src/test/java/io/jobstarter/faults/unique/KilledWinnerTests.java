package io.jobstarter.faults.unique;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;

import io.jobstarter.Enqueued;
import io.jobstarter.UniqueUntil;
import io.jobstarter.faults.Jobs.Work;
import io.jobstarter.faults.UniqueJobs.Hold;
import io.jobstarter.faults.fleet.Fleet;
import io.jobstarter.faults.fleet.FleetDatabase;
import io.jobstarter.faults.fleet.FleetServer;
import io.jobstarter.faults.fleet.NodeOptions;
import io.jobstarter.faults.fleet.NodeProcess;
import io.jobstarter.faults.fleet.TcpProxy;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Whoever has a unique key first dies before the commit, while others wait for the key:
 * the process is killed, or its connection is cut.
 */
@Execution(ExecutionMode.CONCURRENT)
class KilledWinnerTests {

	private static final int CONTENDERS = 8;

	/** Nobody serves it: what is enqueued stays to be counted. */
	private static final String QUEUE = "unserved";

	// The job of a winner that was killed is not to run again while we count.
	private static final List<String> SETTINGS = List.of("--background-jobs.worker.lease=60s",
			"--background-jobs.worker.heartbeat=5s");

	private static final Duration PATIENCE = Duration.ofSeconds(90);

	private final ExecutorService threads = Executors.newFixedThreadPool(CONTENDERS);

	private FleetDatabase database;

	private Fleet fleet;

	private TcpProxy proxy;

	static List<FleetServer> servers() {
		return Stream.of(FleetServer.POSTGRESQL, FleetServer.MARIADB)
			.filter(FleetServer.available()::contains)
			.toList();
	}

	@AfterEach
	void close() {
		this.threads.shutdownNow();
		this.fleet.close();
		this.proxy.close();
		this.database.close();
	}

	@ParameterizedTest
	@MethodSource("servers")
	void aKeyWhoseWinnerDiesGoesToOneOfThoseWhoWaitAndCommitOrToNobody(FleetServer server) throws Exception {
		this.database = FleetDatabase.create(server,
				List.of("--spring.datasource.hikari.maximum-pool-size=" + (CONTENDERS + 4)));
		this.proxy = this.database.proxy();
		this.fleet = new Fleet(this.database, SETTINGS);
		this.fleet.start(NodeOptions.NONE.through(this.proxy));
		this.fleet.start(NodeOptions.NONE.through(this.proxy));
		this.fleet.awaitAtWork(2);
		race(1, "cut, some commit", true, this.proxy::reset);
		race(2, "cut, all roll back", false, this.proxy::reset);
		race(3, "killed, some commit", true, () -> winner(3).kill());
		race(4, "killed, all roll back", false, () -> winner(4).kill());
	}

	private NodeProcess winner(int number) {
		String name = this.database.jdbc()
			.queryForObject("select node from ledger where number = ?", String.class, number);
		return this.fleet.alive().stream().filter((node) -> node.name().equals(name)).findFirst().orElseThrow();
	}

	private void race(int number, String what, boolean someCommit, Runnable end) throws Exception {
		String key = "race-" + number;
		awaitWinner(number, key);
		List<Future<@Nullable Enqueued>> told = new ArrayList<>();
		for (int i = 0; i < CONTENDERS; i++) {
			boolean commit = someCommit && i % 2 == 1;
			told.add(this.threads.submit(() -> enqueue(number, key, commit)));
		}
		Awaitility.await().pollDelay(Duration.ofMillis(300)).until(() -> told.stream().noneMatch(Future::isDone));
		end.run();
		List<Enqueued> committed = new ArrayList<>();
		for (Future<@Nullable Enqueued> one : told) {
			committed.add(one.get());
		}
		check(what, number, key, committed.stream().filter(Objects::nonNull).toList(), someCommit);
	}

	// The node's pool may still hold connections that were cut before.
	private void awaitWinner(int number, String key) {
		int[] dead = { -1 };
		Awaitility.await().atMost(PATIENCE).pollInterval(Duration.ofMillis(20)).until(() -> {
			int now = this.database.count("background_job_dead_letter");
			if (now != dead[0]) {
				dead[0] = now;
				this.database.client().enqueue(new Hold(number, key, QUEUE, 60_000));
			}
			return this.database.count("ledger where number = " + number) > 0;
		});
	}

	private void check(String what, int number, String key, List<Enqueued> committed, boolean someCommit) {
		List<Long> left = this.database.jdbc()
			.queryForList("select id from background_job_job where queue = ? and payload like ?", Long.class, QUEUE,
					"%\"number\":" + number + "%");
		assertThat(left).as(what).hasSize(someCommit ? 1 : 0);
		assertThat(committed).as(what)
			.hasSize(someCommit ? CONTENDERS / 2 : 0)
			.allSatisfy((enqueued) -> assertThat(enqueued.id().value()).isEqualTo(left.get(0)));
		assertThat(committed.stream().filter((enqueued) -> !enqueued.duplicate()).count()).as(what)
			.isLessThanOrEqualTo(1);
		Enqueued next = Objects.requireNonNull(enqueue(number, key, true));
		assertThat(next.duplicate()).as(what).isEqualTo(someCommit);
	}

	private @Nullable Enqueued enqueue(int number, String key, boolean commit) {
		return this.database.transaction().execute((status) -> {
			Enqueued enqueued = this.database.client()
				.job(Work.taking(number, 1))
				.queue(QUEUE)
				.uniqueKey(key, UniqueUntil.STARTED)
				.enqueue();
			if (commit) {
				return enqueued;
			}
			status.setRollbackOnly();
			return null;
		});
	}

}
