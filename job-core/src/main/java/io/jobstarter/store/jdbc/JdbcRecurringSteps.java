package io.jobstarter.store.jdbc;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

import io.jobstarter.DueTime;
import io.jobstarter.Enqueued;
import io.jobstarter.JobId;
import io.jobstarter.Overlap;
import io.jobstarter.RecurringDefinition;
import io.jobstarter.RecurringFire;
import io.jobstarter.RecurringJob;
import io.jobstarter.RecurringSource;
import io.jobstarter.store.EnqueueStore;
import io.jobstarter.store.FirePlan;
import io.jobstarter.store.NewJob;
import io.jobstarter.store.NextFire;
import io.jobstarter.store.OperationsStore;
import io.jobstarter.store.OperationsStore.WaitingJobEnd;
import io.jobstarter.store.RecurringSteps;
import org.jspecify.annotations.Nullable;

/**
 * Lets recurring jobs fire. The row of a recurring job is locked first, then jobs. What
 * was done and that it was done is one transaction, so a node that dies has either done
 * it or not.
 */
final class JdbcRecurringSteps implements RecurringSteps {

	private static final Duration FIRES_ARE_KEPT = Duration.ofDays(7);

	/** How often one job may have been redriven to be found. */
	private static final int MOST_REDRIVES = 20;

	// Policies of a later release are left to its nodes, like schedules that cannot be
	// read.
	private static final String UPCOMING = """
			select id, schedule, zone, job_name, next_fire_at, clock_timestamp() as now from background_job_recurring
			where next_fire_at is not null and paused_at is null and retired_at is null
			and misfire in ('SKIP', 'ONCE', 'ALL') and overlap in ('ALLOW', 'SKIP', 'QUEUE', 'CANCEL_RUNNING')
			order by next_fire_at fetch first 1000 rows only
			""";

	private static final String IS_UNDER_WAY = """
			select count(*) from background_job_job where id = :id
			""";

	private static final String REDRIVEN_AS = """
			select retried_as from background_job_dead_letter where job_id = :id and retried_as is not null
			""";

	private static final String DELETE_OLD_FIRES = """
			delete from background_job_recurring_fire
			where recurring_id = :id and fire_at < cast(:before as timestamp with time zone)
			""";

	private static final String STILL_DECLARED = """
			update background_job_recurring set declared_at = clock_timestamp()
			where id = :id and source in ('CODE', 'CONFIGURATION') and retired_at is null
			""";

	// Nodes that were away could not say anything: an hour counts only if there were
	// heartbeats all the time.
	private static final String UNDECLARED = """
			select id from background_job_recurring
			where source in ('CODE', 'CONFIGURATION') and retired_at is null
			and declared_at < (select clock_timestamp()) - cast(:silence as bigint) * interval '0.000001' second
			and (select max(up_since) from background_job_pulse)
			    < (select clock_timestamp()) - cast(:silence as bigint) * interval '0.000001' second
			order by id
			""";

	private static final String RETIRE = """
			update background_job_recurring set retired_at = clock_timestamp(), next_fire_at = null
			where id = :id and retired_at is null
			and declared_at < (select clock_timestamp()) - cast(:silence as bigint) * interval '0.000001' second
			""";

	private final EngineTransactions transactions;

	private final RecurringRows rows;

	private final RecurringUpkeep upkeep;

	private final Reads reads;

	private final EnqueueStore enqueue;

	private final OperationsStore operations;

	private final Signal signal;

	/**
	 * Makes the steps.
	 * @param transactions the transactions that they are
	 * @param rows the rows of recurring jobs, in these transactions
	 * @param reads how it is asked whether there is anything to do
	 * @param enqueue enqueues in these transactions
	 * @param operations cancels in these transactions
	 * @param signal tells that this node has changed a recurring job
	 */
	JdbcRecurringSteps(EngineTransactions transactions, RecurringRows rows, Reads reads, EnqueueStore enqueue,
			OperationsStore operations, Signal signal) {
		this.transactions = transactions;
		this.rows = rows;
		this.upkeep = new RecurringUpkeep(rows);
		this.reads = reads;
		this.enqueue = enqueue;
		this.operations = operations;
		this.signal = signal;
	}

	@Override
	public List<Upcoming> upcoming() {
		return this.reads.query(UPCOMING, Map.of(),
				(row, number) -> new Upcoming(row.getString("id"), row.getString("schedule"), row.getString("zone"),
						row.getString("job_name"),
						Duration.between(Values.instant(row, "now"), Values.instant(row, "next_fire_at"))));
	}

	@Override
	public void listen(Runnable listener) {
		this.signal.add(listener);
	}

	@Override
	public Optional<Step> fire(String id, FirePlan.Planner planner) {
		return this.transactions.execute(() -> this.rows.lockDue(id).map((row) -> fire(row, planner)));
	}

	private Step fire(RecurringRows.Row row, FirePlan.Planner planner) {
		Instant first = (row.next() != null) ? row.next() : row.now();
		JobId previous = previous(row);
		FirePlan plan = planner.plan(new FirePlan.Due(row.definition(), first, row.now(), isUnderWay(previous)));
		if (plan.waits()) {
			return new Step(List.of(), List.of(), 0, Duration.ZERO, true);
		}
		List<FirePlan.Fire> fires = unnoted(row.definition().id(), plan.fires());
		if (plan.cancelsPrevious() && previous != null && !fires.isEmpty()) {
			cancel(previous, row.definition());
		}
		List<Fired> fired = enqueue(row, fires, planner);
		this.rows.move(row.definition().id(), plan.next(), plan.missed());
		this.rows.of(DELETE_OLD_FIRES)
			.param("id", row.definition().id())
			.param("before", Values.timestamp(row.now().minus(FIRES_ARE_KEPT)))
			.update();
		Set<Instant> enqueued = fired.stream().map(Fired::at).collect(Collectors.toSet());
		List<Instant> skipped = fires.stream()
			.map(FirePlan.Fire::at)
			.filter((instant) -> !enqueued.contains(instant))
			.toList();
		return new Step(fired, skipped, plan.missed(), (plan.next() != null) ? until(plan.next(), row.now()) : null,
				false);
	}

	// The last job, or what was enqueued in its place when it had died.
	private @Nullable JobId previous(RecurringRows.Row row) {
		if (row.definition().overlap() == Overlap.ALLOW) {
			return null;
		}
		JobId job = row.lastJob();
		JobId next = job;
		for (int redrives = 0; next != null && redrives < MOST_REDRIVES; redrives++) {
			job = next;
			next = redrivenAs(job);
		}
		return job;
	}

	private @Nullable JobId redrivenAs(JobId job) {
		return this.rows.of(REDRIVEN_AS)
			.param("id", job.value())
			.query(Long.class)
			.optional()
			.map(JobId::new)
			.orElse(null);
	}

	private boolean isUnderWay(@Nullable JobId job) {
		return job != null && this.rows.of(IS_UNDER_WAY).param("id", job.value()).query(Long.class).single() > 0;
	}

	// The primary key refuses a second one in any case. Who holds the row can look first.
	private List<FirePlan.Fire> unnoted(String id, List<FirePlan.Fire> fires) {
		if (fires.isEmpty()) {
			return fires;
		}
		Set<Instant> noted = new HashSet<>(this.rows.noted(id, fires.get(0).at()));
		return fires.stream().filter((fire) -> !noted.contains(fire.at())).toList();
	}

	// It may have ended, or been given back, between two statements.
	private void cancel(JobId job, RecurringDefinition definition) {
		String reason = "recurring job " + definition.id() + " fired again";
		if (!this.operations.end(job, WaitingJobEnd.CANCELLED, reason) && !this.operations.requestCancel(job)) {
			this.operations.end(job, WaitingJobEnd.CANCELLED, reason);
		}
	}

	private List<Fired> enqueue(RecurringRows.Row row, List<FirePlan.Fire> fires, FirePlan.Planner planner) {
		String id = row.definition().id();
		List<Fired> fired = new ArrayList<>();
		for (FirePlan.Fire fire : fires) {
			JobId job = fire.enqueues() ? enqueue(row, fire, planner, fired) : null;
			this.rows.noteFire(id, fire.at(), job, (job != null) ? "ENQUEUED" : "SKIPPED");
		}
		if (!fired.isEmpty()) {
			Fired last = fired.get(fired.size() - 1);
			this.rows.noteLast(id, last.at(), last.job());
		}
		return fired;
	}

	private @Nullable JobId enqueue(RecurringRows.Row row, FirePlan.Fire fire, FirePlan.Planner planner,
			List<Fired> fired) {
		RecurringDefinition definition = row.definition();
		Instant dueAt = fire.at().plus(fire.delay());
		boolean scheduled = dueAt.isAfter(row.now());
		NewJob job = planner.complete(new NewJob(definition.jobName(), definition.queue(), definition.priority(),
				scheduled ? new DueTime.At(dueAt) : DueTime.NOW, definition.payload(),
				new RecurringFire(definition.id(), fire.at()).headers(), List.of(), null));
		Enqueued enqueued = this.enqueue.insert(List.of(job)).get(0);
		if (enqueued.duplicate()) {
			return null;
		}
		JobId id = enqueued.id();
		fired.add(new Fired(fire.at(), id, definition.jobName(), job.lane(), scheduled));
		return id;
	}

	@Override
	public Declared declare(RecurringDefinition definition, RecurringSource source, NextFire next) {
		Declared declared = this.transactions
			.execute(() -> declare(this.rows.lockOrMake(definition.id()), definition, source, next));
		if (declared != Declared.SAME) {
			this.signal.raise();
		}
		return declared;
	}

	private Declared declare(RecurringRows.Row row, RecurringDefinition definition, RecurringSource source,
			NextFire next) {
		if (row.switchedOff()) {
			this.rows.endPause(definition.id());
		}
		if (row.isNew() || row.retired()) {
			this.rows.write(definition, source, next.after(definition, row.now()));
			return Declared.NEW;
		}
		if (row.source() == source && row.definition().equals(definition) && !row.switchedOff()) {
			this.rows.of(STILL_DECLARED).param("id", definition.id()).update();
			return Declared.SAME;
		}
		this.rows.write(definition, source, nextOf(row, definition, next));
		return Declared.CHANGED;
	}

	private static @Nullable Instant nextOf(RecurringRows.Row row, RecurringDefinition definition, NextFire next) {
		return (row.definition().firesLike(definition) && !row.switchedOff()) ? row.next()
				: next.after(definition, row.now());
	}

	// In the order of the ids, so that two nodes cannot deadlock.
	@Override
	public Set<String> stillDeclared(Collection<String> ids) {
		return this.transactions.execute(() -> {
			Set<String> there = new TreeSet<>();
			for (String id : new TreeSet<>(ids)) {
				if (this.rows.of(STILL_DECLARED).param("id", id).update() == 1) {
					there.add(id);
				}
			}
			return there;
		});
	}

	@Override
	public List<String> retire(Duration silence) {
		return this.transactions.execute(() -> this.rows.of(UNDECLARED)
			.param("silence", Values.micros(silence))
			.query(String.class)
			.list()
			.stream()
			.filter((id) -> this.rows.of(RETIRE).param("id", id).param("silence", Values.micros(silence)).update() == 1)
			.toList());
	}

	@Override
	public Set<String> switchOff(Collection<String> ids, String why) {
		return this.transactions.execute(() -> this.upkeep.switchOff(ids, why));
	}

	@Override
	public List<String> deleteRetired(Duration retention) {
		return this.transactions.execute(() -> this.upkeep.deleteRetired(retention));
	}

	@Override
	public List<RecurringJob> active() {
		return this.transactions.execute(this.rows::active);
	}

	private static Duration until(Instant instant, Instant now) {
		Duration duration = Duration.between(now, instant);
		return duration.isNegative() ? Duration.ZERO : duration;
	}

}
