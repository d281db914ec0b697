package io.jobstarter.store.jdbc;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import java.util.zip.CRC32;

import io.jobstarter.store.Lane;
import io.jobstarter.store.WakeUp;
import io.jobstarter.support.SupervisedLoop;
import org.jspecify.annotations.Nullable;

/**
 * Tells the other nodes through NOTIFY that lanes have received jobs. Never in the
 * caller's transaction, whose commit would wait for all other notifying commits, but on
 * the engine's data source, from one thread: each lane once a round, a round every 5 ms
 * at most.
 */
public final class PostgresNotifier implements WakeUp {

	/**
	 * How long a round lasts at least.
	 */
	static final Duration PACE = Duration.ofMillis(5);

	private static final Duration IDLE = Duration.ofSeconds(30);

	private static final Duration MAX_BACKOFF = Duration.ofSeconds(2);

	// Beyond, hints are dropped: workers poll as well.
	private static final int MAX_PENDING = 1000;

	// A notification is lost in a crash anyway: its commit need not wait for the disk.
	private static final String NOTIFY = """
			select set_config('synchronous_commit', 'off', true), pg_notify(:channel, n.payload)
			from unnest(cast(:payloads as varchar array)) n (payload)
			""";

	private static final String SCHEMA = """
			select coalesce((select cast(cast(relnamespace as regnamespace) as varchar) from pg_class
			                 where oid = to_regclass('background_job_job')), current_schema(), '')
			""";

	private final String sender = Long.toHexString(ThreadLocalRandom.current().nextLong());

	private final EngineTransactions transactions;

	private final Statements statements;

	private final long pace;

	private final SupervisedLoop loop = new SupervisedLoop("background-jobs-notify", MAX_BACKOFF, this::round);

	private final Set<Lane> pending = new HashSet<>();

	private volatile boolean circuitsPending;

	private volatile @Nullable String channel;

	private long lastRound;

	PostgresNotifier(EngineTransactions transactions, Statements statements, Duration pace) {
		this.transactions = transactions;
		this.statements = statements;
		this.pace = pace.toNanos();
		this.lastRound = System.nanoTime() - this.pace;
	}

	/**
	 * Starts the thread.
	 */
	public void start() {
		this.loop.start();
	}

	/**
	 * Stops the thread. What is pending is left to the other nodes' polls.
	 */
	public void stop() {
		this.loop.requestStop();
		this.loop.awaitStop(Duration.ofSeconds(2));
	}

	/**
	 * Tells how the thread does.
	 * @return its condition
	 */
	public SupervisedLoop.Condition condition() {
		return this.loop.condition();
	}

	@Override
	public void ready(Lane lane) {
		if (add(List.of(lane))) {
			this.loop.wake();
		}
	}

	@Override
	public void circuitsChanged() {
		this.circuitsPending = true;
		this.loop.wake();
	}

	String sender() {
		return this.sender;
	}

	/**
	 * The channel of this installation: tables with the same prefix in another schema
	 * have another one.
	 * @return its name
	 */
	String channel() {
		String channel = this.channel;
		if (channel == null) {
			String schema = this.transactions.execute(() -> this.statements.of(SCHEMA).query(String.class).single());
			CRC32 checksum = new CRC32();
			checksum.update(schema.getBytes(StandardCharsets.UTF_8));
			channel = this.statements.text().prefix() + "ready_" + Long.toHexString(checksum.getValue());
			this.channel = channel;
		}
		return channel;
	}

	/**
	 * Sends at once, on the calling thread.
	 * @param payloads what is sent
	 */
	void send(Collection<String> payloads) {
		String channel = channel();
		this.transactions.execute(() -> this.statements.of(NOTIFY)
			.param("channel", channel)
			.param("payloads", payloads.toArray(String[]::new))
			.query((row, number) -> 0)
			.list());
	}

	private Duration round() {
		awaitTurn();
		List<Lane> lanes = takeAll();
		boolean circuits = this.circuitsPending;
		this.circuitsPending = false;
		if (lanes.isEmpty() && !circuits) {
			return IDLE;
		}
		this.lastRound = System.nanoTime();
		try {
			send(payloads(lanes, circuits));
		}
		catch (RuntimeException ex) {
			add(lanes);
			this.circuitsPending |= circuits;
			throw ex;
		}
		return IDLE;
	}

	private List<String> payloads(List<Lane> lanes, boolean circuits) {
		Stream<String> ofLanes = lanes.stream().map((lane) -> new Notice(this.sender, lane).payload());
		return (circuits ? Stream.concat(ofLanes, Stream.of(Notice.ofCircuits(this.sender))) : ofLanes).toList();
	}

	// What arrives meanwhile goes along.
	private void awaitTurn() {
		long wait = this.pace - (System.nanoTime() - this.lastRound);
		while (wait > 0) {
			LockSupport.parkNanos(wait);
			wait = this.pace - (System.nanoTime() - this.lastRound);
		}
	}

	private synchronized boolean add(Collection<Lane> lanes) {
		return this.pending.size() < MAX_PENDING && this.pending.addAll(lanes);
	}

	private synchronized List<Lane> takeAll() {
		List<Lane> lanes = List.copyOf(this.pending);
		this.pending.clear();
		return lanes;
	}

}
