package io.jobstarter.operations;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import io.jobstarter.Audit;
import io.jobstarter.CurrentOperator;
import io.jobstarter.InvalidJobException;
import io.jobstarter.JobId;
import io.jobstarter.OperatorAction.Operation;
import io.jobstarter.RecurringConflict;
import io.jobstarter.RecurringDefinition;
import io.jobstarter.RecurringJob;
import io.jobstarter.RecurringJobs;
import io.jobstarter.RecurringNotFoundException;
import io.jobstarter.RecurringRequest;
import io.jobstarter.schedule.RecurringDefinitions;
import io.jobstarter.schedule.ScheduleConflicts;
import io.jobstarter.schedule.Schedules;
import io.jobstarter.store.OperationsStore;
import io.jobstarter.store.RecurringSteps.Fired;
import io.jobstarter.store.RecurringStore;
import io.jobstarter.store.WakeUp;
import io.jobstarter.support.AfterCommit;
import io.jobstarter.support.SafeEvents;
import org.jspecify.annotations.Nullable;
import org.springframework.transaction.PlatformTransactionManager;

/**
 * The {@link RecurringJobs} over a database.
 */
public final class DefaultRecurringJobs implements RecurringJobs {

	private final RecurringStore store;

	private final OperatorTransaction transaction;

	private final WakeUp wakeUp;

	private final Operators operators;

	private final AuditTrail trail;

	private final Schedules schedules;

	private final RecurringDefinitions definitions;

	private final ScheduleConflicts conflicts;

	/**
	 * Makes the operations.
	 * @param stores the operators' statements
	 * @param transactionManager manages the transactions of callers that have none
	 * @param wakeUp tells workers of jobs that became ready
	 * @param operator tells who acts
	 * @param events tells of what was changed
	 * @param knowledge what this node knows of schedules and handlers
	 */
	public DefaultRecurringJobs(Stores stores, PlatformTransactionManager transactionManager, WakeUp wakeUp,
			CurrentOperator operator, SafeEvents events, Knowledge knowledge) {
		this.store = stores.recurring();
		this.transaction = new OperatorTransaction(transactionManager, stores.operations());
		this.wakeUp = wakeUp;
		this.operators = new Operators(operator);
		this.trail = new AuditTrail(events);
		this.schedules = knowledge.schedules();
		this.definitions = knowledge.definitions();
		this.conflicts = knowledge.conflicts();
	}

	@Override
	public RecurringJob put(RecurringRequest request, Audit audit) {
		Audit complete = this.operators.complete(audit);
		RecurringDefinition definition = this.definitions.create(request);
		return this.transaction.changing(() -> {
			if (!this.store.put(definition, this.schedules)) {
				throw new InvalidJobException("The recurring job '" + definition.id()
						+ "' is declared by code or configuration: change it there, or choose another id");
			}
			AfterCommit.run(this.store::announce);
			this.trail.record(Operation.PUT_RECURRING, target(definition.id()), complete, 1,
					Map.of("schedule", definition.schedule(), "job", definition.jobName()));
			return this.store.find(definition.id()).orElseThrow();
		});
	}

	@Override
	public boolean remove(String id, Audit audit) {
		Filters.check(id);
		Audit complete = this.operators.complete(audit);
		return this.transaction.changing(() -> {
			if (this.store.remove(id)) {
				this.trail.record(Operation.REMOVE_RECURRING, target(id), complete, true);
				return true;
			}
			if (this.store.find(id).isPresent()) {
				throw new InvalidJobException("The recurring job '" + id
						+ "' is declared by code or configuration: remove it there, or pause it");
			}
			return false;
		});
	}

	@Override
	public Optional<RecurringJob> find(String id) {
		Filters.check(id);
		return this.transaction.reading(() -> this.store.find(id));
	}

	@Override
	public List<RecurringJob> list(@Nullable String after, int limit) {
		Filters.checkLimit(limit);
		Filters.check(after);
		return this.transaction.reading(() -> this.store.list(after, limit));
	}

	@Override
	public void pause(String id, Audit audit) {
		Filters.check(id);
		Audit complete = this.operators.complete(audit);
		this.transaction.changing(() -> {
			if (!this.store.pause(id, complete)) {
				throw new RecurringNotFoundException(id);
			}
			this.trail.record(Operation.PAUSE_RECURRING, target(id), complete, true);
			return id;
		});
	}

	@Override
	public boolean resume(String id, Audit audit) {
		Filters.check(id);
		Audit complete = this.operators.complete(audit);
		return this.transaction.changing(() -> {
			boolean resumed = this.store.resume(id, this.schedules);
			if (!resumed && this.store.find(id).isEmpty()) {
				throw new RecurringNotFoundException(id);
			}
			AfterCommit.run(this.store::announce);
			this.trail.record(Operation.RESUME_RECURRING, target(id), complete, resumed);
			return resumed;
		});
	}

	@Override
	public JobId runNow(String id, Audit audit) {
		Filters.check(id);
		Audit complete = this.operators.complete(audit);
		return this.transaction.changing(() -> {
			Fired fired = this.store.runNow(id, this.definitions::complete)
				.orElseThrow(() -> new RecurringNotFoundException(id));
			AfterCommit.run(() -> this.wakeUp.ready(fired.lane()));
			this.trail.record(Operation.RUN_RECURRING, target(id), complete, 1, Map.of("job", fired.job().toString()));
			return fired.job();
		});
	}

	@Override
	public List<Instant> next(String id, int count) {
		Filters.check(id);
		if (count < 1 || count > MAX_FIRES) {
			throw new InvalidJobException("It tells 1 to " + MAX_FIRES + " fires, not " + count);
		}
		return this.transaction.reading(() -> {
			RecurringJob job = this.store.find(id).orElseThrow(() -> new RecurringNotFoundException(id));
			return next(job.definition(), this.store.now(), count);
		});
	}

	private List<Instant> next(RecurringDefinition definition, Instant now, int count) {
		List<Instant> fires = new ArrayList<>(count);
		Instant fire = this.schedules.after(definition, now);
		while (fire != null && fires.size() < count) {
			fires.add(fire);
			fire = this.schedules.after(definition, fire);
		}
		return fires;
	}

	@Override
	public List<RecurringConflict> conflicts() {
		return this.transaction.reading(() -> this.conflicts
			.among(this.store.active().stream().map(RecurringJob::definition).toList(), this.store.now()));
	}

	private static String target(String id) {
		return "recurring job " + id;
	}

	/**
	 * The operators' statements.
	 *
	 * @param recurring those about recurring jobs
	 * @param operations the others
	 */
	public record Stores(RecurringStore recurring, OperationsStore operations) {
	}

	/**
	 * What a node knows that the database only keeps.
	 *
	 * @param schedules reads schedules
	 * @param definitions checks what is asked for
	 * @param conflicts finds those that collide
	 */
	public record Knowledge(Schedules schedules, RecurringDefinitions definitions, ScheduleConflicts conflicts) {
	}

}
