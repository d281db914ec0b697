package io.jobstarter.store.jdbc;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import io.jobstarter.BreakerInfo;
import io.jobstarter.BreakerState;
import io.jobstarter.store.BreakerRow;
import org.jspecify.annotations.Nullable;

/**
 * What operators see and set of circuit breakers, in the transaction of the calling
 * thread.
 */
final class BreakerQueries {

	private static final String BREAKERS = """
			select name, state, open_until, prober, reason, changed_at, changed_by
			from background_job_breaker where generation > 0 order by name
			""";

	private static final String PARKED = """
			select blocked_by, count(*) as parked from background_job_job where state = 2 group by blocked_by
			""";

	private static final String SET = """
			update background_job_breaker
			set state = :state, generation = generation + 1, openings = 0, open_until = null, prober = null,
			    reason = :reason, changed_at = clock_timestamp(), changed_by = :by
			where name = :name and (state <> :state or state <> 'CLOSED')
			""";

	private final Statements statements;

	private final Dialect dialect;

	BreakerQueries(Statements statements, Dialect dialect) {
		this.statements = statements;
		this.dialect = dialect;
	}

	List<BreakerInfo> list() {
		Map<String, Long> parked = parked();
		List<BreakerInfo> breakers = new ArrayList<>(this.statements.of(BREAKERS)
			.query((row, number) -> breaker(row, parked.getOrDefault(row.getString("name"), 0L)))
			.list());
		breakers.forEach((breaker) -> parked.remove(breaker.name()));
		parked.forEach((name, count) -> breakers
			.add(new BreakerInfo(name, BreakerState.CLOSED, null, null, null, null, null, count)));
		breakers.sort((one, other) -> one.name().compareTo(other.name()));
		return breakers;
	}

	private Map<String, Long> parked() {
		Map<String, Long> parked = new HashMap<>();
		this.statements.of(PARKED).query((row) -> {
			String reason = row.getString("blocked_by");
			String breaker = (reason != null) ? BreakerRow.breakerOf(reason) : null;
			if (breaker != null) {
				parked.put(breaker, row.getLong("parked"));
			}
		});
		return parked;
	}

	private static BreakerInfo breaker(ResultSet row, long parked) throws SQLException {
		return new BreakerInfo(row.getString("name"), Words.read(BreakerState.CLOSED, row.getString("state")),
				Values.instant(row, "changed_at"), Values.nullableInstant(row, "open_until"),
				Values.nullableLong(row, "prober"), row.getString("reason"), row.getString("changed_by"), parked);
	}

	boolean set(String name, BreakerState state, @Nullable String reason, String by) {
		if (state != BreakerState.CLOSED) {
			this.statements.of(this.dialect.ensureBreaker()).param("name", name).update();
		}
		return this.statements.of(SET)
			.param("name", name)
			.param("state", state.name())
			.param("reason", reason)
			.param("by", by)
			.update() == 1;
	}

}
