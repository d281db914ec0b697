package io.jobstarter.store.jdbc;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;

import io.jobstarter.Audit;
import io.jobstarter.DueTime;
import io.jobstarter.JobId;
import io.jobstarter.RecurringDefinition;
import io.jobstarter.RecurringFire;
import io.jobstarter.RecurringJob;
import io.jobstarter.RecurringSource;
import io.jobstarter.store.EnqueueStore;
import io.jobstarter.store.NewJob;
import io.jobstarter.store.NextFire;
import io.jobstarter.store.RecurringSteps.Fired;
import io.jobstarter.store.RecurringStore;
import org.jspecify.annotations.Nullable;

/**
 * What operators do about recurring jobs, in the caller's transaction.
 */
final class JdbcRecurringStore implements RecurringStore {

	private static final String PAUSE = """
			update background_job_recurring
			set paused_at = coalesce(paused_at, clock_timestamp()), paused_by = :by, pause_reason = :why
			where id = :id and source <> 'NEW'
			""";

	private static final String RESUME = """
			update background_job_recurring
			set paused_at = null, paused_by = null, pause_reason = null,
			    next_fire_at = cast(:next as timestamp with time zone)
			where id = :id
			""";

	private static final String DELETE = """
			delete from background_job_recurring where id = :id
			""";

	private static final String DELETE_FIRES = """
			delete from background_job_recurring_fire where recurring_id = :id
			""";

	private final CallersTransaction transaction;

	private final RecurringRows rows;

	private final EnqueueStore enqueue;

	private final Signal signal;

	JdbcRecurringStore(CallersTransaction transaction, RecurringRows rows, EnqueueStore enqueue, Signal signal) {
		this.transaction = transaction;
		this.rows = rows;
		this.enqueue = enqueue;
		this.signal = signal;
	}

	@Override
	public Instant now() {
		return this.transaction.read(this.rows::now);
	}

	@Override
	public Optional<RecurringJob> find(String id) {
		return this.transaction.read(() -> this.rows.find(id));
	}

	@Override
	public List<RecurringJob> list(@Nullable String after, int limit) {
		return this.transaction.read(() -> this.rows.list(after, limit));
	}

	@Override
	public List<RecurringJob> active() {
		return this.transaction.read(this.rows::active);
	}

	@Override
	public boolean put(RecurringDefinition definition, NextFire next) {
		return this.transaction.write(() -> {
			RecurringRows.Row row = this.rows.lockOrMake(definition.id());
			if (row.isDeclared()) {
				return false;
			}
			boolean goesOn = !row.isNew() && !row.retired() && row.definition().firesLike(definition);
			this.rows.write(definition, RecurringSource.DYNAMIC,
					goesOn ? row.next() : next.after(definition, row.now()));
			return true;
		});
	}

	@Override
	public boolean remove(String id) {
		return this.transaction.write(() -> {
			boolean removable = this.rows.lock(id).filter((row) -> !row.isDeclared()).isPresent();
			if (removable) {
				this.rows.of(DELETE_FIRES).param("id", id).update();
				this.rows.of(DELETE).param("id", id).update();
			}
			return removable;
		});
	}

	@Override
	public boolean pause(String id, Audit audit) {
		return this.transaction.write(() -> this.rows.of(PAUSE)
			.param("id", id)
			.param("by", audit.by())
			.param("why", audit.why())
			.update()) == 1;
	}

	@Override
	public boolean resume(String id, NextFire next) {
		return this.transaction.write(() -> this.rows.lock(id).filter(RecurringRows.Row::paused).map((row) -> {
			Instant from = row.retired() ? null : next.after(row.definition(), row.now());
			return this.rows.of(RESUME)
				.param("id", id)
				.param("next", (from != null) ? Values.timestamp(from) : null)
				.update();
		}).isPresent());
	}

	@Override
	public Optional<Fired> runNow(String id, UnaryOperator<NewJob> completion) {
		return this.transaction.write(
				() -> this.rows.lock(id).filter((row) -> !row.isNew()).map((row) -> run(row.definition(), completion)));
	}

	// Its clock is read after the lock was had: whoever runs it twice comes later.
	private Fired run(RecurringDefinition definition, UnaryOperator<NewJob> completion) {
		Instant now = this.rows.now();
		NewJob job = completion.apply(new NewJob(definition.jobName(), definition.queue(), definition.priority(),
				DueTime.NOW, definition.payload(), new RecurringFire(definition.id(), now).headers(), List.of(), null));
		JobId enqueued = this.enqueue.insert(List.of(job)).get(0).id();
		this.rows.noteFire(definition.id(), now, enqueued, "RUN_NOW");
		this.rows.noteLast(definition.id(), now, enqueued);
		return new Fired(now, enqueued, definition.jobName(), job.lane(), false);
	}

	@Override
	public void announce() {
		this.signal.raise();
	}

}
