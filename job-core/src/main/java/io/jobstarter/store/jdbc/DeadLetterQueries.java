package io.jobstarter.store.jdbc;

import java.util.Comparator;
import java.util.List;
import java.util.Optional;

import io.jobstarter.AttemptFailure;
import io.jobstarter.DeadLetter;
import io.jobstarter.DeadLetterFilter;
import io.jobstarter.JobId;
import org.jspecify.annotations.Nullable;

/**
 * Finds dead letters and failures.
 */
final class DeadLetterQueries {

	private static final String DEAD_LETTERS = """
			select d.job_id, d.name, d.queue, d.priority, d.reason, d.error_class, d.message, d.stack_trace,
			    d.fingerprint, d.attempts, d.crashes, d.enqueued_at, d.first_failed_at, d.died_at, d.worker,
			    d.tags, d.headers, d.payload,
			    d.resolved_at, d.retried_at, d.retried_as, d.resolved_by, d.resolved_reason
			from background_job_dead_letter d
			where d.job_id >= :from and d.job_id < :before and
			""" + DeadLetterSelection.CONDITION + """
			order by d.job_id desc fetch first :limit rows only
			""";

	private static final String FAILURES = """
			select job_id, number, failed_at, worker, error_class, message, stack_trace
			from background_job_failure where job_id = :id
			order by number desc fetch first :limit rows only
			""";

	private final Statements statements;

	DeadLetterQueries(Statements statements) {
		this.statements = statements;
	}

	Optional<DeadLetter> find(JobId id) {
		return query(DeadLetterFilter.ALL, IdRange.of(id), 1).stream().findFirst();
	}

	List<DeadLetter> find(DeadLetterFilter filter, @Nullable JobId before, int limit) {
		return query(filter, IdRange.below(before), limit);
	}

	private List<DeadLetter> query(DeadLetterFilter filter, IdRange range, int limit) {
		return DeadLetterSelection.bind(this.statements.of(DEAD_LETTERS), filter)
			.param("from", range.from())
			.param("before", range.before())
			.param("limit", limit)
			.query(new DeadLetterMapper())
			.list();
	}

	List<AttemptFailure> failures(JobId id, int limit) {
		return this.statements.of(FAILURES)
			.param("id", id.value())
			.param("limit", limit)
			.query((row, number) -> new AttemptFailure(id, row.getInt("number"), Values.instant(row, "failed_at"),
					row.getLong("worker"), DeadLetterMapper.failure(row)))
			.list()
			.stream()
			.sorted(Comparator.comparing(AttemptFailure::number))
			.toList();
	}

}
