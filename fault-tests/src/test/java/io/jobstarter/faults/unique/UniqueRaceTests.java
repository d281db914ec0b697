package io.jobstarter.faults.unique;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

import io.jobstarter.UniqueUntil;
import io.jobstarter.faults.Jobs;
import io.jobstarter.faults.Jobs.Work;
import io.jobstarter.faults.fleet.FleetDatabase;
import io.jobstarter.faults.fleet.FleetServer;
import io.jobstarter.faults.fleet.RunProperties;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Many transactions that want the same unique key at the same time, half of which are
 * rolled back late: each holds the others up meanwhile, so that with
 * {@code -Dunique.hold=2s} it takes a minute.
 */
class UniqueRaceTests {

	private static final int THREADS = 64;

	private final Duration hold = new RunProperties("unique.", System::getProperty).duration("hold",
			Duration.ofMillis(40));

	private final ExecutorService threads = Executors.newFixedThreadPool(THREADS);

	private final CyclicBarrier start = new CyclicBarrier(THREADS);

	private FleetDatabase database;

	@BeforeEach
	void createDatabase() {
		this.database = FleetDatabase.create(FleetServer.POSTGRESQL,
				List.of("--spring.datasource.hikari.maximum-pool-size=" + THREADS,
						"--spring.datasource.hikari.connection-timeout=120000"));
	}

	@AfterEach
	void close() {
		this.threads.shutdownNow();
		this.database.close();
	}

	@Test
	void oneJobIsLeftIfAnybodyCommitsAndAllWhoDoAreToldOfIt() throws Exception {
		List<Long> told = enqueueByAll();
		List<Long> left = this.database.jdbc().queryForList("select id from background_job_job", Long.class);
		assertThat(left).hasSize(1);
		assertThat(told).hasSize(THREADS / 2).containsOnly(left.get(0));
		assertThat(enqueueOnce(false)).isEqualTo(left.get(0));
	}

	private List<Long> enqueueByAll() throws Exception {
		List<Future<@Nullable Long>> futures = new ArrayList<>();
		for (int i = 0; i < THREADS; i++) {
			boolean rollBack = i % 2 == 0;
			futures.add(this.threads.submit(() -> {
				this.start.await();
				return enqueueOnce(rollBack);
			}));
		}
		List<Long> told = new ArrayList<>();
		for (Future<@Nullable Long> future : futures) {
			told.add(future.get());
		}
		return told.stream().filter(Objects::nonNull).toList();
	}

	private @Nullable Long enqueueOnce(boolean rollBack) {
		return this.database.transaction().execute((status) -> {
			long id = this.database.client()
				.job(Work.taking(0, 1))
				.uniqueKey("race", UniqueUntil.STARTED)
				.enqueue()
				.id()
				.value();
			if (!rollBack) {
				return id;
			}
			status.setRollbackOnly();
			hold();
			return null;
		});
	}

	private void hold() {
		try {
			Jobs.take((int) this.hold.toMillis());
		}
		catch (InterruptedException ex) {
			throw new IllegalStateException(ex);
		}
	}

}
