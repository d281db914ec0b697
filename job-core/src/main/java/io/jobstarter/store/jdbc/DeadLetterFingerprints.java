package io.jobstarter.store.jdbc;

import java.util.List;

import io.jobstarter.support.FailureFingerprint;

/**
 * Fills in the fingerprints of dead letters that a node of an earlier release has
 * written.
 */
final class DeadLetterFingerprints {

	private static final String WITHOUT = """
			select job_id, reason, error_class, message, stack_trace from background_job_dead_letter
			where fingerprint = '' order by job_id fetch first :limit rows only
			for update skip locked
			""";

	private static final String FILL_IN = """
			update background_job_dead_letter set fingerprint = :fingerprint where job_id = :id and fingerprint = ''
			""";

	private final EngineTransactions transactions;

	private final Statements statements;

	DeadLetterFingerprints(EngineTransactions transactions, Statements statements) {
		this.transactions = transactions;
		this.statements = statements;
	}

	int fillIn(int limit) {
		return this.transactions.execute(() -> {
			List<Found> found = this.statements.of(WITHOUT)
				.param("limit", limit)
				.query((row, number) -> new Found(row.getLong("job_id"),
						FailureFingerprint.of(DeadLetterMapper.reason(row.getString("reason")),
								DeadLetterMapper.failure(row))))
				.list();
			found.forEach((letter) -> this.statements.of(FILL_IN)
				.param("id", letter.id())
				.param("fingerprint", letter.fingerprint())
				.update());
			return found.size();
		});
	}

	/**
	 * A letter and its fingerprint.
	 *
	 * @param id the id of the job that died
	 * @param fingerprint what kind of failure it died of
	 */
	private record Found(long id, String fingerprint) {
	}

}
