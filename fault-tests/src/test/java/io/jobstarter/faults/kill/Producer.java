package io.jobstarter.faults.kill;

import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;

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
import org.awaitility.core.ConditionFactory;

import org.springframework.core.NestedRuntimeException;
import org.springframework.dao.DuplicateKeyException;

/**
 * Enqueues what is planned, and notes what it has committed. Safe for several threads.
 */
final class Producer {

	private static final Duration PATIENCE = Duration.ofMinutes(2);

	private final FleetDatabase database;

	private final JobClient client;

	private final Map<Integer, Note> committed = new ConcurrentHashMap<>();

	private final AtomicLong marks = new AtomicLong();

	Producer(FleetDatabase database) {
		this.database = database;
		this.client = database.client();
		// What tells whether a transaction was committed whose reply was lost.
		database.jdbc().execute("create table sent (mark bigint primary key)");
	}

	/**
	 * Enqueues a batch in one transaction, and again if that met another or lost its
	 * database, as an application has to.
	 * @param batch the batch
	 */
	void enqueue(Batch batch) {
		long mark = this.marks.incrementAndGet();
		AtomicReference<Map<Integer, Long>> ids = new AtomicReference<>(Map.of());
		patiently().until(() -> {
			try {
				enqueueOnce(batch, mark, ids);
			}
			catch (DuplicateKeyException ex) {
				// The transaction before this one: only the reply to its commit was lost.
			}
			return true;
		});
		if (!batch.rolledBack()) {
			Instant now = patiently().until(this.database::now, Objects::nonNull);
			ids.get().forEach((number, id) -> this.committed.put(number, new Note(id, now)));
		}
	}

	private void enqueueOnce(Batch batch, long mark, AtomicReference<Map<Integer, Long>> ids) {
		this.database.transaction().executeWithoutResult((status) -> {
			if (batch.rolledBack()) {
				status.setRollbackOnly();
			}
			this.database.jdbc().update("insert into sent (mark) values (?)", mark);
			ids.set(insert(batch.jobs()));
		});
	}

	private static ConditionFactory patiently() {
		return Awaitility.await()
			.pollInSameThread()
			.ignoreExceptionsInstanceOf(NestedRuntimeException.class)
			.pollDelay(Duration.ZERO)
			.pollInterval(Duration.ofMillis(200))
			.atMost(PATIENCE);
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
