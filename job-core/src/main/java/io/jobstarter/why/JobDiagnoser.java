package io.jobstarter.why;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

import io.jobstarter.AttemptFailure;
import io.jobstarter.BreakerInfo;
import io.jobstarter.DeadLetter;
import io.jobstarter.JobDiagnosis.Reason;
import io.jobstarter.JobDiagnosis;
import io.jobstarter.JobId;
import io.jobstarter.JobInfo;
import io.jobstarter.JobState;
import io.jobstarter.LimitKey;
import io.jobstarter.QueueLoad;
import io.jobstarter.WorkerInfo;
import io.jobstarter.store.FleetQueue;
import io.jobstarter.store.LimitStore;
import io.jobstarter.store.OperationsStore;
import io.jobstarter.store.SituationStore;
import io.jobstarter.store.SituationStore.Ahead;
import io.jobstarter.store.SituationStore.HeldJob;
import io.jobstarter.store.SituationStore.PresentJob;
import io.jobstarter.store.SituationStore.QueueSetting;
import io.jobstarter.store.SituationStore.RateUse;
import org.jspecify.annotations.Nullable;

/**
 * Tells why a job does not run, from a few statements, none of which reads more than a
 * bounded number of jobs. A job may move on between two of them, unless the caller's
 * transaction sees a snapshot: then it is told what was true a moment ago.
 */
public final class JobDiagnoser {

	/** How many jobs are counted that go before one, of each kind. */
	static final int MOST_AHEAD = 1_001;

	private static final int MOST_RUNNING = 60;

	/** The most decisive first. What is to hold jobs back gets a source of its own. */
	private static final List<ReasonSource> SOURCES = List.of(new LeaseReasons(), new DueReasons(),
			new BreakerReasons(), new KeyReasons(), new RateReasons(), new BlockedReasons(), new QueueReasons(),
			new WorkerReasons(), new FleetReasons(), new SlotReasons(), new ReserveReasons(), new CrashReasons(),
			new LaneReasons());

	private static final ReasonSource OTHERWISE = new ClearReasons();

	private final OperationsStore store;

	private final SituationStore situations;

	/**
	 * Makes a diagnoser.
	 * @param store looks into the database, in the transaction of the calling thread
	 */
	public JobDiagnoser(OperationsStore store) {
		this.store = store;
		this.situations = store.situations();
	}

	/**
	 * Tells why a job does not run.
	 * @param id the job's id
	 * @return the reasons, or empty if there is no such job
	 */
	public Optional<JobDiagnosis> diagnose(JobId id) {
		Optional<PresentJob> job = this.situations.job(id);
		return job.isPresent() ? job.map((present) -> diagnose(situation(present))) : ended(id);
	}

	static JobDiagnosis diagnose(Situation situation) {
		List<Reason> reasons = new ArrayList<>();
		SOURCES.forEach((source) -> reasons.addAll(source.reasons(situation)));
		if (reasons.isEmpty()) {
			reasons.addAll(OTHERWISE.reasons(situation));
		}
		PresentJob job = situation.job();
		return new JobDiagnosis(job.id(), job.name(), situation.queueName(), job.state(), situation.now(), reasons);
	}

	private Situation situation(PresentJob job) {
		Situation known = new Situation(job, this.situations.queue(job.lane().queue()).orElse(QueueSetting.NONE),
				this.situations.workers(job.name()), null, null, null, List.of(), KeyUse.NONE, List.of(), List.of(), 0);
		boolean ready = job.state() == JobState.READY;
		Ahead ahead = ready ? this.situations.ahead(job, MOST_AHEAD) : null;
		List<HeldJob> running = ready ? this.situations.held(longest(known)) : List.of();
		boolean rated = RateReasons.isWaitedFor(job.state(), job.reason());
		List<RateUse> rates = (ready || rated) ? this.situations.rates(job) : List.of();
		return new Situation(job, known.queue(), known.workers(), lastFailure(job), breaker(job), ahead, running,
				key(job), ready ? fleet(known) : List.of(), rates,
				rated ? this.situations.waitingBefore(job, MOST_AHEAD) : 0);
	}

	// What entries are called on the nodes that serve the queue, their bounds are, too.
	private List<FleetQueue> fleet(Situation situation) {
		Set<String> names = new LinkedHashSet<>(Set.of(situation.queueName()));
		situation.takers()
			.stream()
			.map(WorkerInfo::declaration)
			.filter(Objects::nonNull)
			.flatMap((declaration) -> declaration.entryOf(situation.queueName()).stream())
			.forEach((entry) -> names.add(entry.pattern()));
		return this.situations.fleet(names);
	}

	private static Set<JobId> longest(Situation situation) {
		Set<JobId> ids = new LinkedHashSet<>();
		SlotReasons.uses(situation)
			.stream()
			.flatMap((use) -> use.takenBy().stream())
			.map(QueueLoad::longest)
			.forEach(ids::addAll);
		return ids.stream().limit(MOST_RUNNING).collect(LinkedHashSet::new, Set::add, Set::addAll);
	}

	private @Nullable AttemptFailure lastFailure(PresentJob job) {
		boolean waits = job.state() == JobState.SCHEDULED && job.attempts() > 0;
		return waits ? this.store.failures(job.id(), 1).stream().findFirst().orElse(null) : null;
	}

	private @Nullable BreakerInfo breaker(PresentJob job) {
		String name = BreakerReasons.breakerOf(job.state(), job.reason());
		return (name != null) ? this.situations.breaker(name).orElse(null) : null;
	}

	private KeyUse key(PresentJob job) {
		String id = KeyReasons.keyOf(job);
		if (id == null) {
			return KeyUse.NONE;
		}
		LimitStore limits = this.store.limits();
		return LimitKey.isOrder(id) ? new KeyUse(null, 0, limits.head(id).orElse(null))
				: new KeyUse(limits.key(id).orElse(null), limits.waitingBefore(id, job.id(), MOST_AHEAD), null);
	}

	private Optional<JobDiagnosis> ended(JobId id) {
		Optional<JobInfo> found = this.store.find(id);
		if (found.isEmpty()) {
			return Optional.empty();
		}
		JobInfo job = found.get();
		if (!job.state().isFinal()) {
			// It came back between the two statements, as by a canary that was redriven.
			return this.situations.job(id).map((present) -> diagnose(situation(present)));
		}
		Optional<DeadLetter> letter = (job.state() == JobState.DEAD) ? this.store.deadLetter(id) : Optional.empty();
		return Optional.of(new JobDiagnosis(id, job.name(), job.queue(), job.state(),
				Objects.requireNonNullElse(job.finishedAt(), job.dueAt()), List.of(EndedReasons.of(job, letter))));
	}

}
