package io.jobstarter.autoconfigure;

import java.sql.SQLException;
import java.util.Set;

import com.zaxxer.hikari.HikariDataSource;
import com.zaxxer.hikari.HikariPoolMXBean;
import com.zaxxer.hikari.SQLExceptionOverride;
import org.jspecify.annotations.Nullable;

/**
 * Closes connections to a server that takes no writes. After a failover that is the old
 * primary: a pool that keeps such connections goes on asking it, although the address
 * leads to the new one by now. What holds for the engine's connections holds for those of
 * the application, which idle ones are closed at once, and others when they are given
 * back.
 */
final class ReadOnlyServers implements SQLExceptionOverride {

	// A write in a transaction that reads only, and "read write" on a standby of
	// PostgreSQL, for which the engine asks.
	private static final Set<String> STATES = Set.of("25006", "0A000");

	// Of MariaDB: started with --read-only, and in read-only mode.
	private static final Set<Integer> CODES = Set.of(1290, 1836);

	private final @Nullable SQLExceptionOverride next;

	private final HikariDataSource application;

	/**
	 * Makes an override.
	 * @param next asked about all other exceptions, or {@code null}
	 * @param application the application's pool
	 */
	ReadOnlyServers(@Nullable SQLExceptionOverride next, HikariDataSource application) {
		this.next = next;
		this.application = application;
	}

	@java.lang.Override
	public SQLExceptionOverride.Override adjudicate(SQLException ex) {
		if (isReadOnly(ex)) {
			evictApplications();
			return SQLExceptionOverride.Override.MUST_EVICT;
		}
		return (this.next != null) ? this.next.adjudicate(ex) : SQLExceptionOverride.Override.CONTINUE_EVICT;
	}

	private static boolean isReadOnly(SQLException ex) {
		return (ex.getSQLState() != null && STATES.contains(ex.getSQLState())) || CODES.contains(ex.getErrorCode());
	}

	private void evictApplications() {
		HikariPoolMXBean pool = this.application.getHikariPoolMXBean();
		if (pool != null && this.application.isRunning()) {
			pool.softEvictConnections();
		}
	}

}
