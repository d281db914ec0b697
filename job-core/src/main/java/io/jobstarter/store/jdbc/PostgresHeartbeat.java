package io.jobstarter.store.jdbc;

import java.sql.SQLException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import org.jspecify.annotations.Nullable;

import org.springframework.core.NestedExceptionUtils;
import org.springframework.dao.DataAccessException;

/**
 * Renews a lease and keeps the pulse in one round trip, which an idle node does all the
 * time. A node that finds the pulse's row locked leaves it alone, so the lease does not
 * wait for it.
 */
final class PostgresHeartbeat {

	private static final String READ_ONLY_TRANSACTION = "25006";

	private static final String RENEW_AND_BEAT = EngineTransactions.POSTGRES_BOUNDS + """
			with beat as (
			    update background_job_pulse set last_beat = clock_timestamp()
			    where id = (select p.id from background_job_pulse p where p.id = 1 for update skip locked)
			      and last_beat <= clock_timestamp()
			      and last_beat >= clock_timestamp() - cast(:gap as bigint) * interval '0.000001' second
			    returning id)
			update background_job_worker
			set last_seen_at = clock_timestamp(),
			    expires_at = clock_timestamp() + cast(:lease as bigint) * interval '0.000001' second,
			    report = cast(:report as text)
			where id = :id and dead_at is null
			returning exists (select 1 from beat) as counted
			""";

	private final EngineTransactions transactions;

	private final PostgresRoundTrip roundTrip;

	private volatile boolean inTransactions;

	PostgresHeartbeat(EngineTransactions transactions, PostgresRoundTrip roundTrip) {
		this.transactions = transactions;
		this.roundTrip = roundTrip;
	}

	/**
	 * Renews and beats.
	 * @param worker the worker's id
	 * @param lease how long it lives without another heartbeat
	 * @param gap between two beats of the pulse at most
	 * @param report what it is doing, as text, or {@code null}
	 * @return what came of it, or empty if this takes a transaction, since sessions are
	 * read-only by default
	 */
	Optional<Beat> renew(long worker, Duration lease, Duration gap, @Nullable String report) {
		if (this.inTransactions) {
			return Optional.empty();
		}
		Map<String, @Nullable Object> parameters = new HashMap<>();
		parameters.put("id", worker);
		parameters.put("lease", Values.micros(lease));
		parameters.put("gap", Values.micros(gap));
		parameters.put("report", report);
		try {
			List<Boolean> counted = this.transactions.alone(
					() -> this.roundTrip.write(RENEW_AND_BEAT, parameters, (row, number) -> row.getBoolean("counted")));
			return Optional.of(counted.isEmpty() ? Beat.NOT_ALIVE : counted.get(0) ? Beat.COUNTED : Beat.NOT_COUNTED);
		}
		catch (DataAccessException ex) {
			if (isReadOnly(ex)) {
				return Optional.empty();
			}
			throw ex;
		}
	}

	/**
	 * Notes that transactions have done what {@link #renew} could not: it does not try
	 * again. Where they could not either, it was a server that takes no writes, as in the
	 * middle of a failover.
	 */
	void leaveToTransactions() {
		this.inTransactions = true;
	}

	private static boolean isReadOnly(DataAccessException ex) {
		return NestedExceptionUtils.getMostSpecificCause(ex) instanceof SQLException cause
				&& READ_ONLY_TRANSACTION.equals(cause.getSQLState());
	}

	/**
	 * What came of a heartbeat.
	 */
	enum Beat {

		/** The lease is renewed, and the pulse has beaten. */
		COUNTED,

		/** The lease is renewed. The pulse's row was locked, or there was a gap. */
		NOT_COUNTED,

		/** There is no such worker that lives. */
		NOT_ALIVE

	}

}
