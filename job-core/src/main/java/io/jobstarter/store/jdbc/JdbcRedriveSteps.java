package io.jobstarter.store.jdbc;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

import io.jobstarter.Audit;
import io.jobstarter.RedriveInfo;
import io.jobstarter.RedriveState;
import io.jobstarter.store.EnqueueStore;
import io.jobstarter.store.Lane;
import io.jobstarter.store.RedriveSteps;
import io.jobstarter.store.RedrivenLetter;
import io.jobstarter.support.CleanText;

/**
 * Goes on with redrives by filter. The row of a redrive is locked first, then letters, in
 * the order of their ids. What a step does and that it was done is one transaction, so a
 * node that dies has either done it or not.
 */
final class JdbcRedriveSteps implements RedriveSteps {

	private static final int BATCH = 500;

	/** How many bytes of payload a step copies, unless they are one letter's. */
	private static final long MOST_PAYLOAD = 10_000_000;

	/** How many characters a letter keeps of why it was resolved. */
	private static final int MAX_REASON = 1_000;

	private static final String UNDER_WAY = """
			select id, next_at, clock_timestamp() as now from background_job_redrive
			where state in ('CANARY', 'RUNNING')
			order by id
			""";

	private static final String LOCK = """
			select %s, last_letter, passed_letter, paced_until, clock_timestamp() as now
			from background_job_redrive
			where id = :id and state in ('CANARY', 'RUNNING') and next_at <= clock_timestamp()
			for update skip locked
			""".formatted(JdbcRedriveStore.COLUMNS);

	// Without locks: which of them are still open is decided when they are locked.
	private static final String NEXT_LETTERS = """
			select d.job_id, octet_length(d.payload) as payload from background_job_dead_letter d
			where d.job_id > :passed and d.job_id <= :last and d.resolved_at is null
			and d.died_at <= cast(:createdAt as timestamp with time zone) and
			""" + DeadLetterSelection.CONDITION + """
			order by d.job_id fetch first :limit rows only
			""";

	private static final String ADD_CANARY = """
			insert into background_job_redrive_canary (redrive_id, job_id) values (:redrive, :job)
			""";

	// One statement, so that it sees a job either in its table or where it went from
	// there.
	private static final String VERDICTS = """
			select c.job_id,
			    case when exists (select 1 from background_job_failure f where f.job_id = c.job_id)
			              or exists (select 1 from background_job_dead_letter d where d.job_id = c.job_id)
			              or exists (select 1 from background_job_history h
			                         where h.id = c.job_id and h.state <> 'SUCCEEDED')
			              or exists (select 1 from background_job_job j where j.id = c.job_id and j.attempt > 0)
			            then 'FAILED'
			        when exists (select 1 from background_job_job j where j.id = c.job_id) then 'UNDECIDED'
			        else 'SUCCEEDED' end as verdict
			from background_job_redrive_canary c
			where c.redrive_id = :id and c.succeeded is null
			""";

	private static final String NOTE_VERDICT = """
			update background_job_redrive_canary set succeeded = :succeeded
			where redrive_id = :id and job_id = any (cast(:jobs as bigint array))
			""";

	// First what depends on the state that it had: MariaDB reads what it has just set.
	private static final String SAVE = """
			update background_job_redrive
			set changed_at = case when state = :state then changed_at else clock_timestamp() end,
			    finished_at = case when cast(:done as boolean) then clock_timestamp() end,
			    state = :state, passed_letter = :passed, redriven = redriven + :redriven,
			    canary_sent = :sent, canary_succeeded = :succeeded, canary_failed = :failed,
			    next_at = cast(:nextAt as timestamp with time zone),
			    paced_until = cast(:pacedUntil as timestamp with time zone), stopped_because = :stoppedBecause
			where id = :id
			""";

	private static final String ENDED = """
			select id from background_job_redrive
			where finished_at < (select clock_timestamp()) - cast(:retention as bigint) * interval '0.000001' second
			order by id fetch first :limit rows only
			""";

	private static final String DELETE_CANARIES = """
			delete from background_job_redrive_canary where redrive_id = any (cast(:ids as bigint array))
			""";

	private static final String DELETE = """
			delete from background_job_redrive where id = any (cast(:ids as bigint array))
			""";

	private final EngineTransactions transactions;

	private final Statements statements;

	private final Reads reads;

	private final LetterRedrive letters;

	private final Signal signal;

	JdbcRedriveSteps(EngineTransactions transactions, Statements statements, Reads reads, EnqueueStore enqueue,
			Dialect dialect, Signal signal) {
		this.transactions = transactions;
		this.statements = statements;
		this.reads = reads;
		this.letters = new LetterRedrive(statements, enqueue, dialect);
		this.signal = signal;
	}

	@Override
	public List<UnderWay> underWay() {
		return this.reads.query(UNDER_WAY, Map.of(), (row, number) -> {
			Duration dueIn = Duration.between(Values.instant(row, "now"), Values.instant(row, "next_at"));
			return new UnderWay(row.getLong("id"), dueIn.isNegative() ? Duration.ZERO : dueIn);
		});
	}

	@Override
	public void listen(Runnable listener) {
		this.signal.add(listener);
	}

	@Override
	public Optional<Step> step(long id) {
		return this.transactions.execute(
				() -> this.statements.of(LOCK).param("id", id).query(LockedRedrive::new).optional().map(this::advance));
	}

	private Step advance(LockedRedrive redrive) {
		Set<Lane> lanes = (redrive.state() == RedriveState.CANARY) ? advanceCanary(redrive) : takeLetters(redrive);
		save(redrive);
		return new Step(redrive.state(), redrive.redriven(), lanes, redrive.dueIn(), redrive.stoppedBecause());
	}

	private Set<Lane> advanceCanary(LockedRedrive redrive) {
		judge(redrive);
		if (redrive.state() != RedriveState.CANARY) {
			return Set.of();
		}
		if (!redrive.isCanaryComplete()) {
			return takeLetters(redrive);
		}
		redrive.waitForCanary();
		return Set.of();
	}

	private void judge(LockedRedrive redrive) {
		List<Long> succeeded = new ArrayList<>();
		List<Long> failed = new ArrayList<>();
		this.statements.of(VERDICTS).param("id", redrive.id()).query((row) -> {
			switch (row.getString("verdict")) {
				case "SUCCEEDED" -> succeeded.add(row.getLong("job_id"));
				case "FAILED" -> failed.add(row.getLong("job_id"));
				default -> {
				}
			}
		});
		note(redrive, succeeded, true);
		note(redrive, failed, false);
		redrive.judge(succeeded.size(), failed.size());
	}

	private void note(LockedRedrive redrive, List<Long> jobs, boolean succeeded) {
		if (!jobs.isEmpty()) {
			this.statements.of(NOTE_VERDICT)
				.param("id", redrive.id())
				.param("jobs", Values.ids(jobs))
				.param("succeeded", succeeded)
				.update();
		}
	}

	private Set<Lane> takeLetters(LockedRedrive redrive) {
		int wanted = redrive.wanted(BATCH);
		List<Found> next = nextLetters(redrive, wanted);
		List<Long> found = withinBounds(next);
		List<RedrivenLetter> redriven = this.letters.redriveFree(found, audit(redrive.info()));
		List<RedrivenLetter> jobs = redriven.stream().filter((letter) -> !letter.joined()).toList();
		if (redrive.state() == RedriveState.CANARY) {
			jobs.forEach((letter) -> this.statements.of(ADD_CANARY)
				.param("redrive", redrive.id())
				.param("job", letter.job().value())
				.update());
		}
		List<Long> held = (redriven.size() < found.size()) ? this.letters.stillOpen(found) : List.of();
		if (held.isEmpty()) {
			long last = (next.size() < wanted && found.size() == next.size()) ? redrive.lastLetter()
					: found.get(found.size() - 1);
			redrive.took(redriven.size(), jobs.size(), last, BATCH);
		}
		else {
			redrive.tookBefore(redriven.size(), jobs.size(), held.get(0));
		}
		return jobs.stream().map(RedrivenLetter::lane).collect(Collectors.toSet());
	}

	private static Audit audit(RedriveInfo redrive) {
		String why = redrive.startedBy().why();
		String text = "redrive " + redrive.id() + ((why != null) ? ": " + why : "");
		return new Audit(redrive.startedBy().by(), CleanText.storable(text, MAX_REASON));
	}

	private static List<Long> withinBounds(List<Found> letters) {
		List<Long> ids = new ArrayList<>(letters.size());
		long payload = 0;
		for (Found letter : letters) {
			payload += letter.payload();
			if (payload > MOST_PAYLOAD && !ids.isEmpty()) {
				break;
			}
			ids.add(letter.id());
		}
		return ids;
	}

	private List<Found> nextLetters(LockedRedrive redrive, int limit) {
		RedriveInfo info = redrive.info();
		Instant createdAt = info.createdAt();
		return DeadLetterSelection.bind(this.statements.of(NEXT_LETTERS), info.filter())
			.param("passed", redrive.passedLetter())
			.param("last", redrive.lastLetter())
			.param("createdAt", Values.timestamp(createdAt))
			.param("limit", limit)
			.query((row, number) -> new Found(row.getLong("job_id"), row.getLong("payload")))
			.list();
	}

	private void save(LockedRedrive redrive) {
		this.statements.of(SAVE)
			.param("id", redrive.id())
			.param("state", redrive.state().name())
			.param("done", redrive.state() == RedriveState.DONE)
			.param("passed", redrive.passedLetter())
			.param("redriven", redrive.redriven())
			.param("sent", redrive.canarySent())
			.param("succeeded", redrive.canarySucceeded())
			.param("failed", redrive.canaryFailed())
			.param("nextAt", Values.timestamp(redrive.nextAt()))
			.param("pacedUntil", Values.timestamp(redrive.pacedUntil()))
			.param("stoppedBecause", redrive.stoppedBecause())
			.update();
	}

	@Override
	public int deleteEnded(Duration retention, int limit) {
		return this.transactions.execute(() -> {
			List<Long> ids = this.statements.of(ENDED)
				.param("retention", Values.micros(retention))
				.param("limit", limit)
				.query(Long.class)
				.list();
			if (ids.isEmpty()) {
				return 0;
			}
			this.statements.of(DELETE_CANARIES).param("ids", Values.ids(ids)).update();
			return this.statements.of(DELETE).param("ids", Values.ids(ids)).update();
		});
	}

	/**
	 * A letter that a redrive meets.
	 *
	 * @param id the id of the job that died
	 * @param payload how many bytes its payload has
	 */
	private record Found(long id, long payload) {
	}

}
