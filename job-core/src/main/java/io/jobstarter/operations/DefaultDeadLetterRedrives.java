package io.jobstarter.operations;

import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;

import io.jobstarter.Audit;
import io.jobstarter.DeadLetter;
import io.jobstarter.DeadLetterFilter;
import io.jobstarter.DeadLetterRedrives;
import io.jobstarter.DeadLetterState;
import io.jobstarter.IllegalJobStateException;
import io.jobstarter.IllegalRedriveStateException;
import io.jobstarter.InvalidJobException;
import io.jobstarter.JobId;
import io.jobstarter.JobNotFoundException;
import io.jobstarter.OperatorAction.Operation;
import io.jobstarter.RedriveInfo;
import io.jobstarter.RedriveNotFoundException;
import io.jobstarter.RedriveRequest;
import io.jobstarter.RedriveResult;
import io.jobstarter.RedriveResult.Outcome;
import io.jobstarter.store.OperationsStore;
import io.jobstarter.store.RedriveStore;
import io.jobstarter.store.RedriveStore.Matching;
import io.jobstarter.store.RedriveStore.NewRedrive;
import io.jobstarter.store.RedrivenLetter;
import io.jobstarter.store.WakeUp;
import io.jobstarter.support.AfterCommit;
import org.jspecify.annotations.Nullable;

/**
 * The {@link DeadLetterRedrives} over a database.
 */
final class DefaultDeadLetterRedrives implements DeadLetterRedrives {

	private final OperationsStore store;

	private final RedriveStore redrives;

	private final OperatorTransaction transaction;

	private final WakeUp wakeUp;

	private final Operators operators;

	private final PayloadCheck payloads;

	private final AuditTrail trail;

	DefaultDeadLetterRedrives(OperationsStore store, OperatorTransaction transaction, WakeUp wakeUp,
			Operators operators, PayloadCheck payloads, AuditTrail trail) {
		this.store = store;
		this.redrives = store.redrives();
		this.transaction = transaction;
		this.wakeUp = wakeUp;
		this.operators = operators;
		this.payloads = payloads;
		this.trail = trail;
	}

	@Override
	public List<RedriveResult> redrive(Collection<JobId> ids, Audit audit) {
		Set<JobId> letters = new LinkedHashSet<>(ids);
		if (letters.size() > MAX_SELECTED) {
			throw new InvalidJobException("At most " + MAX_SELECTED + " dead letters are redriven by their ids, not "
					+ letters.size() + ": redrive them by a filter");
		}
		Audit complete = this.operators.complete(audit);
		return this.transaction.changing(() -> {
			Map<JobId, RedrivenLetter> redriven = redriveOpen(letters, complete);
			// Of jobs that have died since.
			List<JobId> late = letters.stream().filter((id) -> !redriven.containsKey(id) && isOpen(id)).toList();
			redriven.putAll(redriveOpen(late, complete));
			recordRedriven(redriven, complete);
			wakeAfterCommit(redriven.values());
			return letters.stream().map((id) -> result(id, redriven.get(id))).toList();
		});
	}

	private Map<JobId, RedrivenLetter> redriveOpen(Collection<JobId> letters, Audit audit) {
		Map<JobId, RedrivenLetter> redriven = new HashMap<>();
		this.redrives.redrive(letters, audit).forEach((letter) -> redriven.put(letter.letter(), letter));
		return redriven;
	}

	private boolean isOpen(JobId id) {
		return this.store.deadLetter(id).filter(DeadLetter::isOpen).isPresent();
	}

	private void recordRedriven(Map<JobId, RedrivenLetter> redriven, Audit audit) {
		String ids = redriven.keySet().stream().sorted().map(JobId::toString).collect(Collectors.joining(" "));
		this.trail.record(Operation.REDRIVE, "dead letters by id", audit, redriven.size(), Map.of("letters", ids));
	}

	private RedriveResult result(JobId id, @Nullable RedrivenLetter redriven) {
		if (redriven != null) {
			return new RedriveResult(id, redriven.joined() ? Outcome.JOINED : Outcome.REDRIVEN, redriven.job());
		}
		Optional<DeadLetter> letter = this.store.deadLetter(id);
		if (letter.isEmpty()) {
			return new RedriveResult(id, Outcome.NOT_FOUND, null);
		}
		boolean discarded = letter.get().state() == DeadLetterState.DISCARDED;
		return new RedriveResult(id, discarded ? Outcome.DISCARDED : Outcome.ALREADY_REDRIVEN,
				letter.get().retriedAs());
	}

	@Override
	public JobId redriveCorrected(JobId id, String payload, Audit audit) {
		Audit complete = this.operators.complete(audit);
		return this.transaction.changing(() -> {
			DeadLetter letter = this.store.deadLetter(id).orElseThrow(() -> refusal(id));
			this.payloads.check(letter.name(), payload);
			RedrivenLetter redriven = this.redrives.redriveCorrected(id, payload, complete)
				.orElseThrow(() -> refusal(id));
			this.trail.record(Operation.REDRIVE_CORRECTED, "dead letter " + id, complete, 1,
					Map.of("job", redriven.job().toString()));
			wakeAfterCommit(List.of(redriven));
			return redriven.job();
		});
	}

	private RuntimeException refusal(JobId id) {
		return this.store.find(id)
			.<RuntimeException>map((job) -> new IllegalJobStateException(id, job.state(), "redriven"))
			.orElseGet(() -> new JobNotFoundException(id));
	}

	@Override
	public long count(DeadLetterFilter filter) {
		check(filter);
		return this.transaction.reading(() -> this.redrives.count(filter)).count();
	}

	@Override
	public long start(RedriveRequest request, Audit audit) {
		check(request.filter());
		Audit complete = this.operators.complete(audit);
		return announced(() -> {
			Matching matching = this.redrives.count(request.filter());
			long id = this.redrives.create(new NewRedrive(request.filter(), matching,
					request.pace().pause(matching.count()), request.canary(), complete));
			this.trail.record(Operation.START_REDRIVE, redrive(id), complete, matching.count(),
					Filters.details(request.filter()));
			return id;
		});
	}

	private static void check(DeadLetterFilter filter) {
		Filters.check(filter);
		if (Boolean.FALSE.equals(filter.open())) {
			throw new InvalidJobException("Only open dead letters can be redriven, and this filter asks for others");
		}
	}

	@Override
	public Optional<RedriveInfo> find(long id) {
		return this.transaction.reading(() -> this.redrives.find(id));
	}

	@Override
	public List<RedriveInfo> list(@Nullable Long before, int limit) {
		Filters.checkLimit(limit);
		return this.transaction.reading(() -> this.redrives.list(before, limit));
	}

	@Override
	public void cancel(long id, Audit audit) {
		Audit complete = this.operators.complete(audit);
		this.transaction.changing(() -> {
			applied(id, this.redrives.cancel(id, complete), "cancelled");
			this.trail.record(Operation.CANCEL_REDRIVE, redrive(id), complete, true);
			return id;
		});
	}

	@Override
	public void resume(long id, Audit audit) {
		resume(id, true, audit);
	}

	@Override
	public void resumeWithoutCanary(long id, Audit audit) {
		resume(id, false, audit);
	}

	private void resume(long id, boolean canary, Audit audit) {
		Audit complete = this.operators.complete(audit);
		announced(() -> {
			applied(id, this.redrives.resume(id, canary, complete), "resumed");
			this.trail.record(Operation.RESUME_REDRIVE, redrive(id), complete, 1,
					Map.of("canary", Boolean.toString(canary)));
			return id;
		});
	}

	private static String redrive(long id) {
		return "redrive " + id;
	}

	private void applied(long id, boolean applied, String operation) {
		if (!applied) {
			RedriveInfo redrive = this.redrives.find(id).orElseThrow(() -> new RedriveNotFoundException(id));
			throw new IllegalRedriveStateException(id, redrive.state(), operation);
		}
	}

	private long announced(Supplier<Long> change) {
		return this.transaction.changing(() -> {
			long id = change.get();
			AfterCommit.run(this.redrives::announce);
			return id;
		});
	}

	private void wakeAfterCommit(Collection<RedrivenLetter> redriven) {
		redriven.stream()
			.map(RedrivenLetter::lane)
			.distinct()
			.forEach((lane) -> AfterCommit.run(() -> this.wakeUp.ready(lane)));
	}

}
