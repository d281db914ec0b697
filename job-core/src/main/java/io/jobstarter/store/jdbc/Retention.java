package io.jobstarter.store.jdbc;

import java.time.Duration;
import java.util.List;

/**
 * Deletes what is kept for a while, in batches that other nodes' batches do not wait for.
 */
final class Retention {

	private static final String RESOLVED_DEAD_LETTERS = """
			select job_id from background_job_dead_letter
			where resolved_at < (select clock_timestamp()) - cast(:retention as bigint) * interval '0.000001' second
			order by resolved_at fetch first :limit rows only
			for update skip locked
			""";

	private static final String FAILURES_OF = """
			select id from background_job_failure where job_id = any (cast(:ids as bigint array))
			fetch first :limit rows only
			""";

	private static final String NOTES_OF = """
			select id from background_job_dead_letter_note where job_id = any (cast(:ids as bigint array))
			fetch first :limit rows only
			""";

	private static final String DELETE_NOTES = """
			delete from background_job_dead_letter_note where id = any (cast(:ids as bigint array))
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

	private static final String EXPIRED_KEYS = """
			select unique_key from background_job_expiring_key
			where expires_at < (select clock_timestamp())
			order by expires_at fetch first :limit rows only
			for update skip locked
			""";

	private final EngineTransactions transactions;

	private final Statements statements;

	private final Dialect dialect;

	Retention(EngineTransactions transactions, Statements statements, Dialect dialect) {
		this.transactions = transactions;
		this.statements = statements;
		this.dialect = dialect;
	}

	int deleteHistory(Duration retention, int limit) {
		return this.transactions.execute(() -> {
			int deleted = 0;
			for (OldRows old : this.dialect.oldHistory(retention)) {
				deleted += delete(old, limit - deleted);
			}
			return deleted;
		});
	}

	private int delete(OldRows old, int limit) {
		List<Long> ids = find(old.find(), old.age(), limit);
		return ids.isEmpty() ? 0
				: this.statements.of(old.delete()).param("ids", Values.ids(ids)).param("retention", old.age()).update();
	}

	// A letter may have a thousand failures: it goes in the transaction that deletes the
	// last of them.
	int deleteResolvedDeadLetters(Duration retention, int limit) {
		return this.transactions.execute(() -> {
			List<Long> ids = find(RESOLVED_DEAD_LETTERS, retention, limit);
			if (ids.isEmpty()) {
				return 0;
			}
			boolean more = delete(DELETE_FAILURES, findOf(FAILURES_OF, ids, limit)) == limit;
			more |= delete(DELETE_NOTES, findOf(NOTES_OF, ids, limit)) == limit;
			return more ? limit : delete(DELETE_DEAD_LETTERS, ids);
		});
	}

	private List<Long> findOf(String statement, List<Long> letters, int limit) {
		return this.statements.of(statement)
			.param("ids", Values.ids(letters))
			.param("limit", limit)
			.query(Long.class)
			.list();
	}

	int deleteExpiredKeys(int limit) {
		return this.transactions.execute(() -> {
			List<String> keys = this.statements.of(EXPIRED_KEYS).param("limit", limit).query(String.class).list();
			return keys.isEmpty() ? 0
					: this.statements.of(this.dialect.deleteExpiringKeys())
						.param("keys", keys.toArray(String[]::new))
						.update();
		});
	}

	int deleteFailures(Duration retention, int limit) {
		return this.transactions.execute(() -> delete(DELETE_FAILURES, find(OLD_FAILURES, retention, limit)));
	}

	private List<Long> find(String statement, Duration retention, int limit) {
		return find(statement, Values.micros(retention), limit);
	}

	private List<Long> find(String statement, long age, int limit) {
		return this.statements.of(statement).param("retention", age).param("limit", limit).query(Long.class).list();
	}

	private int delete(String statement, List<Long> ids) {
		return ids.isEmpty() ? 0 : this.statements.of(statement).param("ids", Values.ids(ids)).update();
	}

}
