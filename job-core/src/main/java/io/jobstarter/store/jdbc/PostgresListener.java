package io.jobstarter.store.jdbc;

import java.sql.SQLException;
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
 * Hears from other nodes, through LISTEN, that lanes have received jobs. Needs a session
 * of its own. Where a pooler shares sessions, it does not listen, since the session that
 * does would be somebody else's a moment later, and polling has to do. Otherwise it sends
 * itself a message, at first and whenever none has come for a while, and tells the worker
 * whether it can rely on those of others.
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

	private boolean complained;

	/** When the last message was heard, of whomever. */
	private long lastHeard;

	/** When the server last showed that it is there. */
	private long lastAnswer;

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
	 * Tells how the thread does.
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
			boolean heard = (connection != null) ? listen(connection) : connect();
			if (!heard) {
				fallBack();
				return this.patience.retry();
			}
			arrive();
			return Duration.ZERO;
		}
		catch (SQLException | RuntimeException ex) {
			turn(State.CONNECTING);
			abort();
			throw ex;
		}
	}

	// Proven anew each time: what stands in between may have changed.
	private boolean connect() throws SQLException {
		ListeningConnection connection = ListeningConnection.open(this.dataSource, this.patience.network());
		this.connection = connection;
		if (connection.sharesItsSession(this.dataSource)) {
			return false;
		}
		connection.listen(this.notifier.channel());
		this.lastAnswer = System.nanoTime();
		return prove(connection);
	}

	// Tells whether there is reason to believe that more will be heard.
	private boolean listen(ListeningConnection connection) throws SQLException {
		hear(connection);
		long now = System.nanoTime();
		if (now - this.lastHeard > this.patience.doubt().toNanos()) {
			return prove(connection);
		}
		if (now - this.lastAnswer > this.patience.silence().toNanos()) {
			connection.check();
			this.lastAnswer = System.nanoTime();
		}
		return true;
	}

	private List<String> hear(ListeningConnection connection) throws SQLException {
		List<String> payloads = connection.await(WAIT);
		payloads.forEach(this::hear);
		if (!payloads.isEmpty()) {
			this.lastHeard = System.nanoTime();
			this.lastAnswer = this.lastHeard;
		}
		return payloads;
	}

	// What this node has sent it knows already.
	private void hear(String payload) {
		Notice.parse(payload)
			.filter((notice) -> !notice.sender().equals(this.notifier.sender()))
			.ifPresent(this::handOn);
		Notice.senderOfCircuits(payload)
			.filter((sender) -> !sender.equals(this.notifier.sender()))
			.ifPresent((sender) -> this.local.circuitsChanged());
	}

	private void handOn(Notice notice) {
		if (notice.lane() != null) {
			this.local.ready(notice.lane());
		}
		else {
			this.local.scheduled();
		}
	}

	private boolean prove(ListeningConnection connection) throws SQLException {
		String probe = "probe," + UUID.randomUUID();
		this.notifier.send(List.of(probe));
		long end = System.nanoTime() + this.patience.probe().toNanos();
		while (System.nanoTime() < end) {
			if (hear(connection).contains(probe)) {
				return true;
			}
		}
		// Fails if it is the connection that is to blame, which is made anew then.
		connection.check();
		return false;
	}

	private void arrive() {
		turn(State.LISTENING);
		if (this.complained) {
			logger.info("Notifications of other nodes arrive again: their jobs start at once");
			this.complained = false;
		}
	}

	private void fallBack() {
		turn(State.POLLING);
		close();
		if (!this.complained) {
			logger
				.warn("Notifications of other nodes do not arrive: a pooler such as PgBouncer seems to be in between. "
						+ "Their jobs start when this node polls; to start them at once, let "
						+ "background-jobs.worker.listen-url name a direct connection to the server");
			this.complained = true;
		}
	}

	private void turn(State state) {
		boolean before = this.state == State.LISTENING;
		this.state = state;
		if (before != (state == State.LISTENING)) {
			this.local.announced(!before);
		}
		if (state != State.CONNECTING) {
			this.decided.countDown();
		}
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

		/**
		 * Notifications do not arrive: workers poll. It tries again from time to time.
		 */
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
	 * @param doubt without any message before it sends itself one
	 * @param retry before it tries again where notifications do not arrive
	 */
	record Patience(Duration probe, Duration silence, Duration network, Duration doubt, Duration retry) {

		static final Patience DEFAULT = new Patience(Duration.ofSeconds(2), Duration.ofSeconds(10),
				Duration.ofSeconds(10), Duration.ofSeconds(30), Duration.ofMinutes(1));

	}

}
