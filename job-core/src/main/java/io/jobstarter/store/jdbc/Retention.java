package io.jobstarter.store.jdbc;

import java.time.Duration;
import java.util.List;

/**
 * Deletes what is kept for a while, in batches that other nodes' batches do not wait for.
 */
final class Retention {

	private static final String OLD_HISTORY = """
			select id from background_job_history
			where finished_at < (select clock_timestamp()) - cast(:retention as bigint) * interval '0.000001' second
			order by finished_at fetch first :limit rows only
			for update skip locked
			""";

	private static final String DELETE_HISTORY = """
			delete from background_job_history where id = any (cast(:ids as bigint array))
			""";

	private static final String RESOLVED_DEAD_LETTERS = """
			select job_id from background_job_dead_letter
			where resolved_at < (select clock_timestamp()) - cast(:retention as bigint) * interval '0.000001' second
			order by resolved_at fetch first :limit rows only
			for update skip locked
			""";

	private static final String DELETE_FAILURES_OF = """
			delete from background_job_failure where job_id = any (cast(:ids as bigint array))
			""";

	private static final String DELETE_DEAD_LETTERS = """
			delete from background_job_dead_letter where job_id = any (cast(:ids as bigint array))
			""";

	private static final String OLD_FAILURES = """
			select id from background_job_failure f
			where failed_at < (select clock_timestamp()) - cast(:retention as bigint) * interval '0.000001' second
			  and not exists (select 1 from background_job_job j where j.id = f.job_id)
			  and not exists (select 1 from background_job_dead_letter d where d.job_id = f.job_id)
			order by failed_at fetch first :limit rows only
			for update skip locked
			""";

	private static final String DELETE_FAILURES = """
			delete from background_job_failure where id = any (cast(:ids as bigint array))
			""";

	private final EngineTransactions transactions;

	private final Statements statements;

	Retention(EngineTransactions transactions, Statements statements) {
		this.transactions = transactions;
		this.statements = statements;
	}

	int deleteHistory(Duration retention, int limit) {
		return this.transactions.execute(() -> delete(DELETE_HISTORY, find(OLD_HISTORY, retention, limit)));
	}

	int deleteResolvedDeadLetters(Duration retention, int limit) {
		return this.transactions.execute(() -> {
			List<Long> ids = find(RESOLVED_DEAD_LETTERS, retention, limit);
			delete(DELETE_FAILURES_OF, ids);
			return delete(DELETE_DEAD_LETTERS, ids);
		});
	}

	int deleteFailures(Duration retention, int limit) {
		return this.transactions.execute(() -> delete(DELETE_FAILURES, find(OLD_FAILURES, retention, limit)));
	}

	private List<Long> find(String statement, Duration retention, int limit) {
		return this.statements.of(statement)
			.param("retention", Values.micros(retention))
			.param("limit", limit)
			.query(Long.class)
			.list();
	}

	private int delete(String statement, List<Long> ids) {
		return ids.isEmpty() ? 0 : this.statements.of(statement).param("ids", Values.ids(ids)).update();
	}

}
