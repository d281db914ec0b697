package io.jobstarter.faults.kill;

import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;

import io.jobstarter.EnqueueSpec;
import io.jobstarter.Enqueued;
import io.jobstarter.JobClient;
import io.jobstarter.UniqueUntil;
import io.jobstarter.faults.fleet.FleetDatabase;
import io.jobstarter.faults.oracle.Plan.Batch;
import io.jobstarter.faults.oracle.PlannedJob;
import io.jobstarter.faults.oracle.PlannedJob.Placement;
import io.jobstarter.faults.oracle.RunFacts.Note;

import org.springframework.dao.PessimisticLockingFailureException;

/**
 * Enqueues what is planned, and notes what it has committed. Safe for several threads.
 */
final class Producer {

	private static final int ATTEMPTS = 10;

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

	private void enqueueOnce(Batch batch) {
		Map<Integer, Long> ids = Objects.requireNonNull(this.database.transaction().execute((status) -> {
			if (batch.rolledBack()) {
				status.setRollbackOnly();
			}
			return insert(batch.jobs());
		}));
		if (!batch.rolledBack()) {
			Instant now = this.database.now();
			ids.forEach((number, id) -> this.committed.put(number, new Note(id, now)));
		}
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
