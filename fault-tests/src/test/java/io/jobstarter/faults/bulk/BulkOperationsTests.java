package io.jobstarter.faults.bulk;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;

import io.jobstarter.faults.fleet.FleetDatabase;
import io.jobstarter.faults.fleet.FleetServer;
import io.jobstarter.faults.fleet.RunProperties;
import io.jobstarter.store.ClaimedJob;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import org.springframework.dao.PessimisticLockingFailureException;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * All that changes many rows, by two nodes at once. What counts is what the server says
 * of deadlocks: the engine repeats what they hit.
 */
class BulkOperationsTests {

	private static final int NODES = 2;

	private static final int WARM_UP = 150;

	private static final int THREADS_OF_A_NODE = 4;

	private final RunProperties properties = new RunProperties("faults.", System::getProperty);

	private final Duration length = this.properties.duration("bulk",
			Duration.ofSeconds(this.properties.isLong() ? 60 : 3));

	private final long seed = this.properties.seed();

	private final ExecutorService threads = Executors.newFixedThreadPool(NODES * THREADS_OF_A_NODE);

	private FleetDatabase database;

	@AfterEach
	void close() {
		this.threads.shutdownNow();
		this.database.close();
	}

	static List<FleetServer> servers() {
		return Stream.of(FleetServer.POSTGRESQL, FleetServer.MARIADB)
			.filter(FleetServer.available()::contains)
			.toList();
	}

	@ParameterizedTest
	@MethodSource("servers")
	void nodesThatChangeTheSameRowsNeverDeadlock(FleetServer server) throws Exception {
		System.out.println("Bulk operations on " + server + ": -Dfaults.seed=" + this.seed);
		this.database = FleetDatabase.create(server,
				List.of("--spring.datasource.hikari.maximum-pool-size=" + 2 * NODES * THREADS_OF_A_NODE));
		Queue<ClaimedJob> held = BulkNode.nothingHeld();
		makeKeys(new BulkNode(this.database, held, NODES + 1));
		long before = deadlocks(server);
		long end = System.nanoTime() + this.length.toNanos();
		List<Future<int[]>> work = new ArrayList<>();
		for (int i = 0; i < NODES; i++) {
			BulkNode node = new BulkNode(this.database, held, i + 1);
			for (int j = 0; j < THREADS_OF_A_NODE; j++) {
				Random random = new Random(this.seed * 100 + i * 10 + j);
				work.add(this.threads.submit(() -> workUntil(end, node, random)));
			}
		}
		int steps = 0;
		int waitedInVain = 0;
		for (Future<int[]> one : work) {
			steps += one.get()[0];
			waitedInVain += one.get()[1];
		}
		long deadlocks = deadlocks(server) - before;
		System.out.println("Bulk operations on " + server + ": " + steps + " steps, " + deadlocks
				+ " deadlocks by the server's count, " + waitedInVain + " callers gave up");
		assertThat(deadlocks).as("deadlocks, by the server's count").withFailMessage(() -> details(server)).isZero();
		assertThat(waitedInVain).isZero();
		assertThat(steps).isGreaterThan(20);
	}

	// On MariaDB those who make the row of a key at the same time may deadlock: whoever
	// comes second holds a lock on it that it shares with others, and wants it alone.
	private void makeKeys(BulkNode node) {
		Random random = new Random(this.seed);
		for (int i = 0; i < WARM_UP; i++) {
			node.step(random);
		}
	}

	private static int[] workUntil(long end, BulkNode node, Random random) {
		int steps = 0;
		int waitedInVain = 0;
		while (System.nanoTime() < end) {
			try {
				node.step(random);
				steps++;
			}
			catch (PessimisticLockingFailureException ex) {
				System.out.println(ex);
				waitedInVain++;
			}
		}
		return new int[] { steps, waitedInVain };
	}

	private long deadlocks(FleetServer server) {
		if (server == FleetServer.MARIADB) {
			return this.database.jdbc()
				.queryForObject("show global status like 'Innodb_deadlocks'", (row, number) -> row.getLong(2));
		}
		return this.database.jdbc()
			.queryForObject("select deadlocks from pg_stat_database where datname = current_database()", Long.class);
	}

	private String details(FleetServer server) {
		return "There were deadlocks" + ((server == FleetServer.MARIADB)
				? ", the last: " + this.database.jdbc()
					.queryForObject("show engine innodb status", (row, number) -> row.getString(3))
				: ": the server's log tells which");
	}

}
