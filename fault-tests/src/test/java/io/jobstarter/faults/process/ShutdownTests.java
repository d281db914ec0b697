package io.jobstarter.faults.process;

import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import io.jobstarter.faults.Jobs.Effect;
import io.jobstarter.faults.Jobs.Work;
import io.jobstarter.faults.fleet.Fleet;
import io.jobstarter.faults.fleet.FleetDatabase;
import io.jobstarter.faults.fleet.FleetServer;
import io.jobstarter.faults.fleet.NodeOptions;
import io.jobstarter.faults.fleet.NodeProcess;
import io.jobstarter.testdatabases.EmbeddedPostgres;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Nodes that are told to stop while they work.
 */
@Execution(ExecutionMode.CONCURRENT)
class ShutdownTests {

	private static final Duration SILENCE = Duration.ofSeconds(2);

	private static final int LONG = 10_000;

	private static final int ENDLESS = 20_000;

	private final Form form = Form.current();

	/** Longer than the lease. */
	private final Duration drain = this.form.lease().multipliedBy(2).plusSeconds(2);

	static Stream<FleetServer> servers() {
		return Form.current().isLong() ? FleetServer.available().stream() : Stream.of(FleetServer.POSTGRESQL);
	}

	@ParameterizedTest
	@MethodSource("servers")
	void aNodeThatStopsUnderLoadUsesUpNoAttemptAndKeepsItsJobsUntilTheyEnd(FleetServer server) {
		int longer = (int) this.drain.minusMillis(800).toMillis();
		try (FleetDatabase database = FleetDatabase.create(server);
				Fleet fleet = new Fleet(database, this.form.settings())) {
			NodeProcess first = fleet.start(
					NodeOptions.NONE.with("--background-jobs.worker.shutdown-timeout=" + this.drain.toMillis() + "ms")
						.with("--background-jobs.queues.its-own.concurrency=4"));
			// It looks for workers whose leases are over, as any node does.
			fleet.start();
			fleet.awaitAtWork(2);
			List.of(Work.taking(LONG, longer), Effect.taking(LONG + 1, longer), Work.taking(ENDLESS, 600_000),
					Effect.taking(ENDLESS + 1, 600_000))
				.forEach((job) -> database.client().job(job).queue("its-own").enqueue());
			Form.await().until(() -> database.count("ledger") == 4);
			database.client().enqueueAll(IntStream.range(0, 300).mapToObj((i) -> Work.taking(i, 20)).toList());
			database.client()
				.enqueueAll(IntStream.range(300, 600)
					.mapToObj((i) -> new Effect(i, 20, 0, Effect.taking(1_000 + i, 1)))
					.toList());
			Form.await().until(() -> database.count("ledger") > 100);
			first.tellToStop();
			Form.await(this.drain.plusSeconds(50)).until(() -> !fleet.alive().contains(first));
			assertThat(database.count("ledger where number between " + LONG + " and " + (LONG + 1)))
				.as("jobs that the node was given the time to end")
				.isEqualTo(2);
			assertThat(database.effects()).contains(LONG + 1).doesNotContain(ENDLESS + 1);
			assertThat(database.count("background_job_history where attempts > 0 or crashes > 0")).isZero();
			assertThat(database.count("background_job_job where attempt > 0 or crashes > 0")).isZero();
			assertThat(first.log()).doesNotContain("has been closed").doesNotContain("ERROR");
		}
	}

	// By then all loops have met the crash, and have said so.
	private static void awaitSilence(NodeProcess node) {
		int[] length = { 0 };
		long[] since = { 0 };
		Form.await().until(() -> {
			int now = node.log().length();
			if (now != length[0]) {
				length[0] = now;
				since[0] = System.nanoTime();
			}
			return System.nanoTime() - since[0] > SILENCE.toNanos();
		});
	}

	@Test
	void aNodeThatStopsWhileTheDatabaseIsAwayIsGoneSoonAfterItsDrain() {
		Duration drain = this.form.isLong() ? Duration.ofSeconds(20) : Duration.ofSeconds(2);
		try (EmbeddedPostgres server = EmbeddedPostgres.start();
				FleetDatabase database = FleetDatabase.open(FleetServer.POSTGRESQL, FleetServer.accessTo(server),
						List.of());
				Fleet fleet = new Fleet(database, this.form.settings())) {
			NodeProcess node = fleet
				.start(NodeOptions.NONE.with("--background-jobs.worker.shutdown-timeout=" + drain.toMillis() + "ms"));
			fleet.awaitAtWork(1);
			database.client().enqueue(Work.taking(0, 600_000));
			Form.await().until(() -> database.count("ledger") == 1);
			server.crash();
			Form.await(Duration.ofSeconds(30)).until(() -> node.health().startsWith("DOWN "));
			awaitSilence(node);
			int logged = node.log().length();
			long before = System.nanoTime();
			node.terminate();
			Duration took = Duration.ofNanos(System.nanoTime() - before);
			System.out.println("Stopped without a database in " + took.toMillis() + " ms");
			// Before Spring gives up waiting, after 30 s; the application's own pool
			// closes after that.
			assertThat(took).isLessThan(drain.plusSeconds(40));
			// Who only now takes a connection finds it broken by the crash.
			assertThat(node.log().substring(logged).lines()).filteredOn((line) -> !line.contains("Failed to validate"))
				.noneMatch((line) -> line.contains("still running after timeout"))
				.noneMatch((line) -> line.contains("has been closed"))
				.noneMatch((line) -> line.contains(" ERROR "));
			server.restart();
		}
	}

}
