package io.jobstarter.store.jdbc;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;

import io.jobstarter.LimitKey;
import io.jobstarter.store.ClaimRequest;
import io.jobstarter.store.ClaimedJob.Fence;
import io.jobstarter.store.ClaimedJob;
import io.jobstarter.store.Lane;

import org.springframework.jdbc.core.RowMapper;

/**
 * Reads claimed jobs and their lanes. Jobs are read by the order of their columns: id,
 * seq, queue, priority, front, name, payload, attempt, crashes, rule_counts, created_at,
 * due_at, claimed_at, headers, tags, limits.
 */
final class ClaimedJobMapper implements RowMapper<ClaimedJob> {

	static final RowMapper<Lane> LANE = (row, number) -> lane(row);

	private final Fence fence;

	private final InstantReader instants;

	ClaimedJobMapper(ClaimRequest request, InstantReader instants) {
		this.fence = new Fence(request.worker(), request.claim());
		this.instants = instants;
	}

	static Lane lane(ResultSet row) throws SQLException {
		return StoredQueue.lane(row.getString("queue"), row.getInt("priority"), row.getBoolean("front"));
	}

	@Override
	public ClaimedJob mapRow(ResultSet row, int number) throws SQLException {
		Lane lane = StoredQueue.lane(row.getString(3), row.getInt(4), row.getBoolean(5));
		List<LimitKey> keys = LimitKey.parse(row.getString(16));
		return new ClaimedJob(row.getLong(1), this.fence, lane, row.getLong(2), row.getString(6), row.getString(7),
				row.getInt(8), row.getInt(9), row.getString(10), this.instants.read(row, 11),
				this.instants.read(row, 12), this.instants.read(row, 13), Values.headers(row.getString(14)),
				Values.tags(row.getString(15)), LimitKey.held(keys), LimitKey.rates(keys));
	}

	/**
	 * Reads a column that holds an instant. To find out for each value how a database
	 * keeps instants costs more than to read it.
	 */
	@FunctionalInterface
	interface InstantReader {

		Instant read(ResultSet row, int column) throws SQLException;

	}

}
