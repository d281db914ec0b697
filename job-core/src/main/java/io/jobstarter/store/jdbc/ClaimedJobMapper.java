package io.jobstarter.store.jdbc;

import java.sql.ResultSet;
import java.sql.SQLException;

import io.jobstarter.store.ClaimRequest;
import io.jobstarter.store.ClaimedJob;
import io.jobstarter.store.ClaimedJob.Fence;
import io.jobstarter.store.Lane;

import org.springframework.jdbc.core.RowMapper;

/**
 * Reads claimed jobs and their lanes.
 */
final class ClaimedJobMapper implements RowMapper<ClaimedJob> {

	static final RowMapper<Lane> LANE = (row, number) -> lane(row);

	private final Fence fence;

	ClaimedJobMapper(ClaimRequest request) {
		this.fence = new Fence(request.worker(), request.claim());
	}

	static Lane lane(ResultSet row) throws SQLException {
		return new Lane(row.getString("queue"), row.getInt("priority"), row.getBoolean("front"));
	}

	@Override
	public ClaimedJob mapRow(ResultSet row, int number) throws SQLException {
		return new ClaimedJob(row.getLong("id"), this.fence, lane(row), row.getLong("seq"), row.getString("name"),
				row.getString("payload"), row.getInt("attempt"), row.getInt("crashes"), row.getString("rule_counts"),
				Values.instant(row, "created_at"), Values.instant(row, "due_at"), Values.instant(row, "claimed_at"),
				Values.headers(row.getString("headers")), Values.tags(row.getString("tags")));
	}

}
