package io.jobstarter.store.jdbc;

import java.util.Collection;
import java.util.List;
import java.util.function.Function;

import io.jobstarter.DeadReason;
import io.jobstarter.JobFailure;
import io.jobstarter.support.FailureFingerprint;
import org.jspecify.annotations.Nullable;

/**
 * What is written when jobs fail or end. The rows of the jobs are locked by the caller
 * and still say who ran them.
 */
final class JobEnds {

	private static final String FAILURES = """
			insert into background_job_failure (job_id, number, failed_at, worker, claim,
			    error_class, message, stack_trace)
			select j.id, j.attempt + 1, clock_timestamp(), j.worker, j.claim, f.error_class, f.message, f.stack_trace
			from unnest(cast(:ids as bigint array), cast(:errorClasses as varchar array),
			        cast(:messages as varchar array), cast(:stackTraces as varchar array))
			    as f (id, error_class, message, stack_trace)
			join background_job_job j on j.id = f.id
			""";

	private static final String DEAD_LETTERS = """
			insert into background_job_dead_letter (job_id, name, queue, priority, reason,
			    error_class, message, stack_trace, fingerprint, attempts, crashes, enqueued_at, due_at,
			    started_at, first_failed_at, died_at, worker, claim, tags, headers, payload, callback_due,
			    limits, order_key)
			select j.id, j.name, j.queue, j.priority, d.reason,
			    d.error_class, d.message, d.stack_trace, d.fingerprint, j.attempt + d.failed,
			    j.crashes + d.crashed, j.created_at, j.due_at, j.claimed_at,
			    coalesce((select min(f.failed_at) from background_job_failure f where f.job_id = j.id),
			        clock_timestamp()),
			    clock_timestamp(), j.worker, j.claim, j.tags,
			    coalesce(d.headers, j.headers), j.payload,
			    case when d.callback = 1 then clock_timestamp() end, j.limits, j.order_key
			from unnest(cast(:ids as bigint array), cast(:reasons as varchar array),
			        cast(:failed as smallint array), cast(:crashed as smallint array),
			        cast(:errorClasses as varchar array), cast(:messages as varchar array),
			        cast(:stackTraces as varchar array), cast(:fingerprints as varchar array),
			        cast(:callbacks as smallint array), cast(:headers as varchar array))
			    as d (id, reason, failed, crashed, error_class, message, stack_trace, fingerprint, callback, headers)
			join background_job_job j on j.id = d.id
			""";

	// An id that the history has already, after a restore say, keeps its old entry.
	private static final String HISTORY = """
			insert into background_job_history (id, name, queue, priority, state, attempts, crashes,
			    enqueued_at, due_at, started_at, finished_at, worker, claim, tags, reason)
			select j.id, j.name, j.queue, j.priority, e.state, j.attempt + e.failed, j.crashes,
			    j.created_at, j.due_at, j.claimed_at, clock_timestamp(), j.worker, j.claim, j.tags, e.reason
			from unnest(cast(:ids as bigint array), cast(:states as varchar array),
			        cast(:failed as smallint array), cast(:reasons as varchar array))
			    as e (id, state, failed, reason)
			join background_job_job j on j.id = e.id
			where not exists (select 1 from background_job_history h where h.id = e.id)
			""";

	private static final String DELETE = """
			delete from background_job_job where id = any (cast(:ids as bigint array))
			""";

	/** How much text goes into one statement, unless it is one failure's. */
	private static final int PORTION = 1_000_000;

	private final Statements statements;

	JobEnds(Statements statements) {
		this.statements = statements;
	}

	void writeFailures(List<Failed> failures) {
		Portions.of(failures, (failed) -> size(failed.failure()), PORTION).forEach(this::writePortionOfFailures);
	}

	private static long size(JobFailure failure) {
		return failure.message().length() + failure.stackTrace().length();
	}

	private void writePortionOfFailures(List<Failed> failures) {
		this.statements.of(FAILURES)
			.param("ids", failures.stream().map(Failed::id).toArray(Long[]::new))
			.param("errorClasses", strings(failures, (failed) -> failed.failure().errorClass()))
			.param("messages", strings(failures, (failed) -> failed.failure().message()))
			.param("stackTraces", strings(failures, (failed) -> failed.failure().stackTrace()))
			.update();
	}

	void writeDeadLetters(List<Died> dead) {
		Portions.of(dead, (died) -> size(died.failure()) + died.headersLength(), PORTION)
			.forEach(this::writePortionOfDeadLetters);
	}

	private void writePortionOfDeadLetters(List<Died> dead) {
		this.statements.of(DEAD_LETTERS)
			.param("ids", dead.stream().map(Died::id).toArray(Long[]::new))
			.param("reasons", strings(dead, (died) -> DeadLetterMapper.reason(died.reason())))
			.param("failed", dead.stream().map((died) -> (short) died.failed()).toArray(Short[]::new))
			.param("crashed", dead.stream().map((died) -> (short) died.crashed()).toArray(Short[]::new))
			.param("errorClasses", strings(dead, (died) -> died.failure().errorClass()))
			.param("messages", strings(dead, (died) -> died.failure().message()))
			.param("stackTraces", strings(dead, (died) -> died.failure().stackTrace()))
			.param("fingerprints", strings(dead, (died) -> FailureFingerprint.of(died.reason(), died.failure())))
			.param("callbacks", dead.stream().map((died) -> (short) (died.callback() ? 1 : 0)).toArray(Short[]::new))
			.param("headers", dead.stream().map(Died::headers).toArray(String[]::new))
			.update();
	}

	void writeHistory(List<Ended> ended) {
		if (ended.isEmpty()) {
			return;
		}
		this.statements.of(HISTORY)
			.param("ids", ended.stream().map(Ended::id).toArray(Long[]::new))
			.param("states", strings(ended, (end) -> end.state().name()))
			.param("failed", ended.stream().map((end) -> (short) end.failed()).toArray(Short[]::new))
			.param("reasons", ended.stream().map(Ended::reason).toArray(String[]::new))
			.update();
	}

	void delete(Collection<Long> ids) {
		if (!ids.isEmpty()) {
			this.statements.of(DELETE).param("ids", Values.ids(ids)).update();
		}
	}

	private static <T> String[] strings(List<T> values, Function<T, String> text) {
		return values.stream().map(text).toArray(String[]::new);
	}

	/**
	 * A failed attempt.
	 *
	 * @param id the job's id
	 * @param failure what went wrong
	 */
	record Failed(long id, JobFailure failure) {
	}

	/**
	 * A job that dies.
	 *
	 * @param id the job's id
	 * @param reason why
	 * @param failure what went wrong last
	 * @param callback whether its handler is to be told
	 * @param headers what the letter has as headers, or {@code null} for those of the job
	 */
	record Died(long id, DeadReason reason, JobFailure failure, boolean callback, @Nullable String headers) {

		Died(long id, DeadReason reason, JobFailure failure, boolean callback) {
			this(id, reason, failure, callback, null);
		}

		int headersLength() {
			return (this.headers != null) ? this.headers.length() : 0;
		}

		// Only a policy that gives up has seen an attempt fail.
		int failed() {
			return (this.reason == DeadReason.EXHAUSTED) ? 1 : 0;
		}

		int crashed() {
			return (this.reason == DeadReason.CRASH) ? 1 : 0;
		}

	}

}
