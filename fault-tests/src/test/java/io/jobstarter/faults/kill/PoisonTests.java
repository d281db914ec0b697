package io.jobstarter.faults.kill;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Consumer;
import java.util.stream.IntStream;

import io.jobstarter.DeadLetterFilter;
import io.jobstarter.DeadReason;
import io.jobstarter.faults.Jobs.Poison;
import io.jobstarter.faults.Jobs.Work;
import io.jobstarter.faults.fleet.Fleet;
import io.jobstarter.faults.fleet.FleetDatabase;
import io.jobstarter.faults.fleet.FleetServer;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A job that ends each node it runs on, among others. What takes longest is done on every
 * database at the same time, with one node each.
 */
@Execution(ExecutionMode.CONCURRENT)
class PoisonTests {

	private static final int SLOTS = 8;

	private static final List<String> SETTINGS = List.of("--background-jobs.worker.lease=3s",
			"--background-jobs.worker.heartbeat=300ms");

	private final List<FleetDatabase> databases = new ArrayList<>();

	private final ExecutorService threads = Executors.newCachedThreadPool();

	@AfterEach
	void close() {
		this.threads.shutdownNow();
		this.databases.forEach(FleetDatabase::close);
	}

	@Test
	void aJobThatKillsItsProcessDiesAndTakesNoNeighbourAlong() {
		runWithAPoisonInTheMiddle(create(FleetServer.POSTGRESQL), 200, 20);
	}

	@Test
	void aJobThatKillsItsProcessTakesNoShortNeighbourAlongThatWasClaimedAhead() throws Exception {
		onAll((database) -> {
			runWithAPoisonInTheMiddle(database, 500, 1);
			assertThat(database.count("background_job_history where crashes > 0")).as("held the first time")
				.isGreaterThan(SLOTS);
			assertThat(database.count("background_job_history where crashes > 1")).as("held the second time")
				.isLessThan(SLOTS);
		});
	}

	private FleetDatabase create(FleetServer server) {
		FleetDatabase database = FleetDatabase.create(server);
		this.databases.add(database);
		return database;
	}

	private void onAll(Consumer<FleetDatabase> test) throws Exception {
		List<Future<?>> running = new ArrayList<>();
		FleetServer.available()
			.stream()
			.map(this::create)
			.toList()
			.forEach((database) -> running.add(this.threads.submit(() -> test.accept(database))));
		for (Future<?> each : running) {
			each.get();
		}
	}

	private static void runWithAPoisonInTheMiddle(FleetDatabase database, int neighbours, int millis) {
		int poison = neighbours / 2;
		database.client().enqueueAll(works(0, poison, millis));
		database.client().enqueue(new Poison(poison));
		database.client().enqueueAll(works(poison + 1, neighbours + 1, millis));
		try (Fleet fleet = new Fleet(database, SETTINGS)) {
			Awaitility.await()
				.pollInSameThread()
				.atMost(Duration.ofSeconds(120))
				.pollInterval(Duration.ofMillis(100))
				.until(() -> {
					if (fleet.alive().isEmpty()) {
						fleet.start();
					}
					return database.count("background_job_job") == 0;
				});
		}
		assertThat(database.started()).hasSize(neighbours + 1);
		assertThat(database.count("ledger where number = " + poison)).isEqualTo(3);
		assertThat(database.operations().deadLetters(DeadLetterFilter.ALL, null, 10).items()).singleElement()
			.satisfies((letter) -> {
				assertThat(letter.name()).isEqualTo("poison");
				assertThat(letter.reason()).isEqualTo(DeadReason.CRASH);
			});
		assertThat(database.count("background_job_history where state = 'SUCCEEDED'")).isEqualTo(neighbours);
	}

	private static List<Work> works(int first, int end, int millis) {
		return IntStream.range(first, end).mapToObj((i) -> Work.taking(i, millis)).toList();
	}

}
