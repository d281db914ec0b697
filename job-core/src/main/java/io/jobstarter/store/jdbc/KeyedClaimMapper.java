package io.jobstarter.store.jdbc;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.HashSet;
import java.util.Set;

import io.jobstarter.store.ClaimedJob;

import org.springframework.jdbc.core.RowMapper;

/**
 * Reads claimed jobs, and which of them hold a unique key until they start: one that has
 * to wait for the permit of a key goes on holding it. That stands in the column behind
 * those of {@link ClaimedJobMapper}.
 */
final class KeyedClaimMapper implements RowMapper<ClaimedJob> {

	private static final int HOLDS_UNIQUE_KEY = 17;

	private final ClaimedJobMapper jobs;

	private final Set<Long> uniqueUntilStart = new HashSet<>();

	KeyedClaimMapper(ClaimedJobMapper jobs) {
		this.jobs = jobs;
	}

	@Override
	public ClaimedJob mapRow(ResultSet row, int number) throws SQLException {
		ClaimedJob job = this.jobs.mapRow(row, number);
		if (!job.keys().isEmpty() && row.getBoolean(HOLDS_UNIQUE_KEY)) {
			this.uniqueUntilStart.add(job.id());
		}
		return job;
	}

	/**
	 * Forgets what was read, before the statement runs again.
	 */
	void clear() {
		this.uniqueUntilStart.clear();
	}

	Set<Long> uniqueUntilStart() {
		return this.uniqueUntilStart;
	}

}
