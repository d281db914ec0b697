package io.jobstarter.client;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;

import io.jobstarter.EnqueueSpec;
import io.jobstarter.Enqueued;
import io.jobstarter.JobClient;
import io.jobstarter.JobId;
import io.jobstarter.UnknownJobException;
import io.jobstarter.execution.AttemptContext;
import io.jobstarter.execution.JobExecution;
import io.jobstarter.handler.HandlerRegistry;
import io.jobstarter.handler.JobDefinition;
import io.jobstarter.observation.EnqueueObservations;
import io.jobstarter.observation.Enqueuing;
import io.jobstarter.store.NewJob;
import io.jobstarter.support.CleanText;
import org.jspecify.annotations.Nullable;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * The {@link JobClient} over a database.
 */
public final class DefaultJobClient implements JobClient {

	private final HandlerRegistry registry;

	private final NewJobFactory newJobs;

	private final Enqueuer enqueuer;

	private final CallerRuns callerRuns;

	private final JobExecution execution;

	private final TransactionTemplate transactions;

	private final EnqueueObservations observations;

	/**
	 * Makes a client.
	 * @param registry the handlers
	 * @param newJobs makes the jobs to insert
	 * @param enqueuer inserts them
	 * @param execution runs jobs here and now
	 * @param transactionManager manages the transactions that transactional handlers run
	 * in
	 */
	public DefaultJobClient(HandlerRegistry registry, NewJobFactory newJobs, Enqueuer enqueuer, JobExecution execution,
			PlatformTransactionManager transactionManager) {
		this(registry, newJobs, enqueuer, execution, transactionManager, EnqueueObservations.NONE);
	}

	/**
	 * Makes a client that is observed.
	 * @param registry the handlers
	 * @param newJobs makes the jobs to insert
	 * @param enqueuer inserts them
	 * @param execution runs jobs here and now
	 * @param transactionManager manages the transactions that transactional handlers run
	 * in
	 * @param observations observes enqueues
	 */
	public DefaultJobClient(HandlerRegistry registry, NewJobFactory newJobs, Enqueuer enqueuer, JobExecution execution,
			PlatformTransactionManager transactionManager, EnqueueObservations observations) {
		this.registry = registry;
		this.newJobs = newJobs;
		this.enqueuer = enqueuer;
		this.callerRuns = new CallerRuns(enqueuer, this::run);
		this.execution = execution;
		this.transactions = new TransactionTemplate(transactionManager);
		this.observations = observations;
	}

	@Override
	public Enqueued enqueue(Object payload) {
		return job(payload).enqueue();
	}

	@Override
	public List<Enqueued> enqueueAll(Collection<?> payloads) {
		return this.observations.observe(null, (enqueuing) -> {
			List<NewJob> jobs = new ArrayList<>(payloads.size());
			EnqueueOptions options = this.newJobs.withContext(EnqueueOptions.NONE);
			payloads.forEach((payload) -> jobs.add(newJob(payload, options, enqueuing)));
			return this.enqueuer.enqueueAll(jobs);
		});
	}

	@Override
	public long enqueueAll(Stream<?> payloads) {
		// Closed even if no transaction can begin: it may hold a cursor.
		try (payloads) {
			return this.observations.observe(null, (enqueuing) -> {
				EnqueueOptions options = this.newJobs.withContext(EnqueueOptions.NONE);
				return this.enqueuer.inTransaction(() -> {
					ChunkedInsert insert = new ChunkedInsert(options, enqueuing);
					payloads.forEachOrdered(insert::add);
					return insert.finish();
				});
			});
		}
	}

	@Override
	public EnqueueSpec job(Object payload) {
		return new DefaultEnqueueSpec(this.newJobs, this.callerRuns, this.observations, definitionOf(payload), payload);
	}

	@Override
	public EnqueueSpec jobNamed(String name) {
		JobDefinition definition = this.registry.byName(name)
			.filter((found) -> found.payloadType() == null)
			.orElseThrow(() -> new UnknownJobException(
					"No @BackgroundJob method without a payload is named '" + CleanText.printable(name, 100) + "'"));
		return new DefaultEnqueueSpec(this.newJobs, this.callerRuns, this.observations, definition, null);
	}

	@Override
	public void runNow(Object payload) throws Exception {
		run(definitionOf(payload), payload);
	}

	private void run(JobDefinition definition, @Nullable Object payload) throws Exception {
		AttemptContext attempt = attemptWithoutRow(definition, payload);
		if (definition.transactional()) {
			runInTransaction(definition, payload, attempt);
		}
		else {
			this.execution.runNow(definition, payload, attempt);
		}
	}

	private void runInTransaction(JobDefinition definition, @Nullable Object payload, AttemptContext attempt)
			throws Exception {
		Exception[] thrown = new Exception[1];
		this.transactions.executeWithoutResult((status) -> {
			try {
				this.execution.runNow(definition, payload, attempt);
			}
			catch (Exception ex) {
				thrown[0] = ex;
				status.setRollbackOnly();
			}
		});
		if (thrown[0] != null) {
			throw thrown[0];
		}
	}

	private static AttemptContext attemptWithoutRow(JobDefinition definition, @Nullable Object payload) {
		return new AttemptContext(new AttemptContext.Facts(JobId.NONE, definition.name(), definition.queueFor(payload),
				1, Instant.EPOCH, Instant.EPOCH, Map.of(), List.of(), UUID.randomUUID().toString()));
	}

	private NewJob newJob(Object payload, EnqueueOptions options, Enqueuing enqueuing) {
		NewJob job = this.newJobs.create(definitionOf(payload), payload, options);
		enqueuing.add(job.name(), job.queue());
		return job;
	}

	private JobDefinition definitionOf(@Nullable Object payload) {
		if (payload == null) {
			throw new UnknownJobException("There is no handler for null: pass a payload, or use jobNamed(…)");
		}
		JobDefinition definition = this.registry.byPayloadType(payload.getClass());
		if (definition == null) {
			throw new UnknownJobException("No @BackgroundJob takes a " + payload.getClass().getName()
					+ ": declare a JobHandler for it, as a bean of this application");
		}
		return definition;
	}

	/**
	 * Inserts what a stream yields, a chunk at a time.
	 */
	private final class ChunkedInsert {

		private final List<NewJob> chunk = new ArrayList<>(Enqueuer.CHUNK);

		private final EnqueueOptions options;

		private final Enqueuing enqueuing;

		private long enqueued;

		ChunkedInsert(EnqueueOptions options, Enqueuing enqueuing) {
			this.options = options;
			this.enqueuing = enqueuing;
		}

		void add(Object payload) {
			this.chunk.add(newJob(payload, this.options, this.enqueuing));
			if (this.chunk.size() == Enqueuer.CHUNK) {
				flush();
			}
		}

		long finish() {
			flush();
			return this.enqueued;
		}

		private void flush() {
			List<Enqueued> results = DefaultJobClient.this.enqueuer.enqueue(this.chunk);
			for (Enqueued result : results) {
				this.enqueued += result.duplicate() ? 0 : 1;
			}
			this.chunk.clear();
		}

	}

}
