package io.jobstarter.store.jdbc;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

import javax.sql.DataSource;

import io.jobstarter.store.WakeUp;
import io.jobstarter.support.SupervisedLoop;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

/**
 * Hears from other nodes, through LISTEN, that lanes have received jobs. Needs a direct
 * connection, so it first sends itself a message; if that does not arrive, there is a
 * pooler in between, and polling has to do.
 */
public final class PostgresListener {

	private static final Log logger = LogFactory.getLog(PostgresListener.class);

	private static final Duration MAX_BACKOFF = Duration.ofSeconds(2);

	private static final Duration WAIT = Duration.ofMillis(250);

	private final DataSource dataSource;

	private final PostgresNotifier notifier;

	private final WakeUp local;

	private final Patience patience;

	private final SupervisedLoop loop = new SupervisedLoop("background-jobs-listen", MAX_BACKOFF, this::step);

	private final CountDownLatch decided = new CountDownLatch(1);

	private volatile State state = State.CONNECTING;

	private volatile @Nullable ListeningConnection connection;

	private boolean proven;

	private long lastSign;

	PostgresListener(DataSource dataSource, PostgresNotifier notifier, WakeUp local, Patience patience) {
		this.dataSource = dataSource;
		this.notifier = notifier;
		this.local = local;
		this.patience = patience;
	}

	/**
	 * Starts the thread, which connects.
	 */
	public void start() {
		this.loop.start();
	}

	/**
	 * Stops the thread and gives its connection up.
	 */
	public void stop() {
		this.loop.requestStop();
		if (this.loop.awaitStop(Duration.ofSeconds(2))) {
			close();
		}
		else {
			abort();
		}
		this.state = State.STOPPED;
	}

	/**
	 * Tells how the thread does. It is not alive once the state is {@link State#POLLING}.
	 * @return its condition
	 */
	public SupervisedLoop.Condition condition() {
		return this.loop.condition();
	}

	/**
	 * Tells what the listener is doing.
	 * @return its state
	 */
	public State state() {
		return this.state;
	}

	/**
	 * Waits until it is known whether notifications arrive.
	 * @param timeout how long at most
	 * @return its state, which is still {@link State#CONNECTING} if that was too short
	 */
	public State awaitDecision(Duration timeout) {
		try {
			this.decided.await(timeout.toNanos(), TimeUnit.NANOSECONDS);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
		return this.state;
	}

	private Duration step() throws SQLException {
		try {
			ListeningConnection connection = this.connection;
			if (connection == null) {
				connection = connect();
			}
			if (!this.proven && !prove(connection)) {
				giveUp();
				return Duration.ZERO;
			}
			this.state = State.LISTENING;
			this.decided.countDown();
			listen(connection);
			return Duration.ZERO;
		}
		catch (SQLException | RuntimeException ex) {
			this.state = State.CONNECTING;
			abort();
			throw ex;
		}
	}

	private ListeningConnection connect() throws SQLException {
		ListeningConnection connection = ListeningConnection.open(this.dataSource, this.notifier.channel(),
				this.patience.network());
		this.connection = connection;
		this.lastSign = System.nanoTime();
		return connection;
	}

	private void listen(ListeningConnection connection) throws SQLException {
		List<String> payloads = connection.await(WAIT);
		payloads.forEach(this::hear);
		if (!payloads.isEmpty()) {
			this.lastSign = System.nanoTime();
		}
		else if (System.nanoTime() - this.lastSign > this.patience.silence().toNanos()) {
			connection.check();
			this.lastSign = System.nanoTime();
		}
	}

	// What this node has sent it knows already.
	private void hear(String payload) {
		Notice.parse(payload)
			.filter((notice) -> !notice.sender().equals(this.notifier.sender()))
			.ifPresent((notice) -> this.local.ready(notice.lane()));
	}

	private boolean prove(ListeningConnection connection) throws SQLException {
		String probe = "probe," + UUID.randomUUID();
		this.notifier.send(List.of(probe));
		long end = System.nanoTime() + this.patience.probe().toNanos();
		while (!this.proven && System.nanoTime() < end) {
			List<String> payloads = connection.await(WAIT);
			payloads.forEach(this::hear);
			this.proven = payloads.contains(probe);
		}
		return this.proven;
	}

	private void giveUp() {
		logger.info("Notifications do not arrive through this connection, as is so behind a pooler: "
				+ "workers poll for the jobs of other nodes");
		this.state = State.POLLING;
		this.decided.countDown();
		this.loop.requestStop();
		close();
	}

	private void close() {
		ListeningConnection connection = this.connection;
		this.connection = null;
		if (connection != null) {
			connection.close();
		}
	}

	private void abort() {
		ListeningConnection connection = this.connection;
		this.connection = null;
		if (connection != null) {
			connection.abort();
		}
	}

	/**
	 * What a listener is doing.
	 */
	public enum State {

		/** It has no connection yet, or not any more. */
		CONNECTING,

		/** It hears of new jobs. */
		LISTENING,

		/** It has given up, since notifications do not arrive: workers poll. */
		POLLING,

		/** It was stopped. */
		STOPPED

	}

	/**
	 * How long a listener waits.
	 *
	 * @param probe for the message that it sends itself
	 * @param silence before it asks whether the connection lives
	 * @param network for an answer
	 */
	record Patience(Duration probe, Duration silence, Duration network) {

		static final Patience DEFAULT = new Patience(Duration.ofSeconds(2), Duration.ofSeconds(5),
				Duration.ofSeconds(10));

	}

	/**
	 * A connection that listens, and so is never given back to a pool as it is.
	 *
	 * @param connection the connection
	 */
	private record ListeningConnection(Connection connection) {

		static ListeningConnection open(DataSource dataSource, String channel, Duration networkTimeout)
				throws SQLException {
			ListeningConnection listening = new ListeningConnection(dataSource.getConnection());
			try {
				listening.connection.setAutoCommit(true);
				listening.connection.setNetworkTimeout(Runnable::run, (int) networkTimeout.toMillis());
				listening.execute("listen " + channel);
				return listening;
			}
			catch (SQLException ex) {
				listening.abort();
				throw ex;
			}
		}

		List<String> await(Duration timeout) throws SQLException {
			return Notifications.await(this.connection, timeout);
		}

		// A peer that is gone without a word shows only when it is asked something.
		void check() throws SQLException {
			execute("select 1");
		}

		private void execute(String statement) throws SQLException {
			try (Statement sql = this.connection.createStatement()) {
				sql.execute(statement);
			}
		}

		void close() {
			try {
				execute("unlisten *");
				this.connection.setNetworkTimeout(Runnable::run, 0);
				this.connection.close();
			}
			catch (SQLException ex) {
				abort();
			}
		}

		void abort() {
			try {
				this.connection.abort(Runnable::run);
				this.connection.close();
			}
			catch (SQLException ex) {
				logger.debug("A connection that is given up could not be closed", ex);
			}
		}

	}

}
