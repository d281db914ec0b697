package io.jobstarter.support;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.function.Supplier;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

/**
 * How long the engine waits for an answer of the database on one connection, whatever
 * that connection was made with: a network that swallows packets must not hold a thread
 * for ever, and one lost packet must not cost a node its lease.
 */
public final class NetworkPatience {

	/** Longer than for a lock. */
	private static final Duration SHORT = Duration.ofSeconds(8);

	private static final Log logger = LogFactory.getLog(NetworkPatience.class);

	/** As long as the server works on a statement at most. */
	private static final Duration LONGEST = Duration.ofSeconds(20);

	private static final int UNCHANGED = -1;

	private static final ThreadLocal<Duration> OF_THREAD = ThreadLocal.withInitial(() -> LONGEST);

	private NetworkPatience() {
	}

	/**
	 * Gives a step less patience.
	 * @param longest how long it waits for each answer
	 * @param step the step
	 * @return the step, which waits no longer
	 */
	public static SupervisedLoop.Step within(Duration longest, SupervisedLoop.Step step) {
		return () -> {
			OF_THREAD.set(longest);
			try {
				return step.run();
			}
			finally {
				OF_THREAD.remove();
			}
		};
	}

	/**
	 * Does something small that jobs wait for, with less patience.
	 * @param action what to do
	 * @return what came of it
	 */
	public static <T> T hurried(Supplier<T> action) {
		OF_THREAD.set(SHORT);
		try {
			return action.get();
		}
		finally {
			OF_THREAD.remove();
		}
	}

	/**
	 * Lets what is asked on a connection fail when no answer comes in time. Asks the
	 * server nothing.
	 * @param connection the connection
	 * @return what {@link #lift} needs
	 */
	public static int impose(Connection connection) {
		try {
			int before = connection.getNetworkTimeout();
			int longest = Math.toIntExact(OF_THREAD.get().toMillis());
			if (before > 0 && before <= longest) {
				return UNCHANGED;
			}
			connection.setNetworkTimeout(Runnable::run, longest);
			return before;
		}
		catch (SQLException ex) {
			logger.debug("A connection cannot be told how long to wait", LoggedError.of(ex));
			return UNCHANGED;
		}
	}

	/**
	 * Gives a connection back the patience that it had.
	 * @param connection the connection
	 * @param before what {@link #impose} returned
	 */
	public static void lift(Connection connection, int before) {
		if (before == UNCHANGED) {
			return;
		}
		try {
			connection.setNetworkTimeout(Runnable::run, before);
		}
		catch (SQLException ex) {
			logger.debug("A connection that is broken keeps its patience", LoggedError.of(ex));
		}
	}

}
