package io.jobstarter.faults.kill;

import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;

import io.jobstarter.EnqueueSpec;
import io.jobstarter.Enqueued;
import io.jobstarter.JobClient;
import io.jobstarter.UniqueUntil;
import io.jobstarter.faults.fleet.FleetDatabase;
import io.jobstarter.faults.oracle.Plan.Batch;
import io.jobstarter.faults.oracle.PlannedJob;
import io.jobstarter.faults.oracle.PlannedJob.Placement;
import io.jobstarter.faults.oracle.RunFacts.Note;
import org.awaitility.Awaitility;

import org.springframework.core.NestedRuntimeException;
import org.springframework.dao.PessimisticLockingFailureException;

/**
 * Enqueues what is planned, and notes what it has committed. Safe for several threads.
 */
final class Producer {

	private static final int ATTEMPTS = 10;

	private static final Duration PATIENCE = Duration.ofSeconds(120);

	private static final String WITH_ID = """
			(select id from background_job_job union all select id from background_job_history) jobs where id = %d
			""";

	private final FleetDatabase database;

	private final JobClient client;

	private final Map<Integer, Note> committed = new ConcurrentHashMap<>();

	Producer(FleetDatabase database) {
		this.database = database;
		this.client = database.client();
	}

	/**
	 * Enqueues a batch in one transaction, and again if that met another, as an
	 * application has to.
	 * @param batch the batch
	 */
	void enqueue(Batch batch) {
		for (int attempt = 1; attempt < ATTEMPTS; attempt++) {
			try {
				enqueueOnce(batch);
				return;
			}
			catch (PessimisticLockingFailureException ex) {
				// A deadlock: all of the transaction is undone.
				continue;
			}
		}
		enqueueOnce(batch);
	}

	/**
	 * Enqueues a batch, however often the database fails meanwhile.
	 * @param batch the batch
	 */
	void enqueuePersistently(Batch batch) {
		AtomicReference<Map<Integer, Long>> told = new AtomicReference<>(Map.of());
		Awaitility.await()
			.atMost(PATIENCE)
			.pollInterval(Duration.ofMillis(100))
			.pollInSameThread()
			.ignoreExceptionsInstanceOf(NestedRuntimeException.class)
			.until(() -> {
				if (batch.rolledBack() || !areThere(told.get().values())) {
					told.set(Map.of());
					enqueueOnce(batch, told::set);
				}
				else {
					note(told.get());
				}
				return true;
			});
	}

	// All or none are: one is enough.
	private boolean areThere(Collection<Long> ids) {
		return ids.stream().findFirst().filter((id) -> this.database.count(WITH_ID.formatted(id)) > 0).isPresent();
	}

	private void enqueueOnce(Batch batch) {
		enqueueOnce(batch, (ids) -> {
		});
	}

	private void enqueueOnce(Batch batch, Consumer<Map<Integer, Long>> beforeCommit) {
		Map<Integer, Long> ids = Objects.requireNonNull(this.database.transaction().execute((status) -> {
			if (batch.rolledBack()) {
				status.setRollbackOnly();
			}
			Map<Integer, Long> inserted = insert(batch.jobs());
			beforeCommit.accept(inserted);
			return inserted;
		}));
		if (!batch.rolledBack()) {
			note(ids);
		}
	}

	private void note(Map<Integer, Long> ids) {
		Instant now = this.database.now();
		ids.forEach((number, id) -> this.committed.put(number, new Note(id, now)));
	}

	Map<Integer, Note> committed() {
		return Map.copyOf(this.committed);
	}

	private Map<Integer, Long> insert(List<PlannedJob> jobs) {
		Map<Integer, Long> ids = new HashMap<>();
		List<PlannedJob> plain = jobs.stream().filter((job) -> job.placement() == Placement.PLAIN).toList();
		List<Enqueued> enqueued = this.client.enqueueAll(plain.stream().map(PlannedJob::payload).toList());
		for (int i = 0; i < plain.size(); i++) {
			ids.put(plain.get(i).number(), enqueued.get(i).id().value());
		}
		jobs.stream()
			.filter((job) -> job.placement() != Placement.PLAIN)
			.forEach((job) -> ids.put(job.number(), insert(job)));
		return ids;
	}

	private long insert(PlannedJob job) {
		Enqueued enqueued = spec(job, job.payload()).enqueue();
		if (job.placement().twice() && !spec(job, job.twin()).enqueue().duplicate()) {
			throw new IllegalStateException("Job " + job.number() + " was enqueued twice under one unique key");
		}
		return enqueued.id().value();
	}

	private EnqueueSpec spec(PlannedJob job, Object payload) {
		Placement placement = job.placement();
		EnqueueSpec spec = this.client.job(payload)
			.queue(placement.queue())
			.priority(placement.priority())
			.in(Duration.ofMillis(placement.delayMillis()));
		return placement.twice() ? spec.uniqueKey("number-" + job.number(), UniqueUntil.FINISHED) : spec;
	}

}
