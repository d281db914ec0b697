package io.jobstarter.store.jdbc;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.locks.LockSupport;
import java.util.zip.CRC32;

import io.jobstarter.store.Lane;
import io.jobstarter.store.WakeUp;
import io.jobstarter.support.SupervisedLoop;
import org.jspecify.annotations.Nullable;

/**
 * Tells the other nodes through NOTIFY that lanes have received jobs, that jobs are
 * scheduled, or that circuit breakers have changed. Never in the caller's transaction,
 * whose commit would wait for all other notifying commits, but on the engine's data
 * source, from one thread: each lane once a round, a round every 5 ms at most, and that
 * jobs are scheduled every 100 ms at most.
 */
public final class PostgresNotifier implements WakeUp {

	/**
	 * How long a round lasts at least.
	 */
	static final Duration PACE = Duration.ofMillis(5);

	/**
	 * How often it says at most that jobs are scheduled: whoever hears it is in no hurry.
	 */
	private static final long SCHEDULED_PACE = Duration.ofMillis(100).toNanos();

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

	private final PostgresRoundTrip roundTrip;

	private final long pace;

	private final SupervisedLoop loop = new SupervisedLoop("background-jobs-notify", MAX_BACKOFF, this::round);

	private final Set<Lane> pending = new HashSet<>();

	private volatile boolean circuits;

	private volatile @Nullable String channel;

	private volatile boolean scheduled;

	private long lastRound;

	private long lastScheduled = System.nanoTime() - SCHEDULED_PACE;

	PostgresNotifier(EngineTransactions transactions, Statements statements, PostgresRoundTrip roundTrip,
			Duration pace) {
		this.transactions = transactions;
		this.statements = statements;
		this.roundTrip = roundTrip;
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
		this.circuits = true;
		this.loop.wake();
	}

	@Override
	public void scheduled() {
		if (!this.scheduled) {
			this.scheduled = true;
			this.loop.wake();
		}
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
		Map<String, Object> parameters = Map.of("channel", channel(), "payloads", payloads.toArray(String[]::new));
		this.transactions.alone(() -> this.roundTrip.write(NOTIFY, parameters, (row, number) -> 0));
	}

	private Duration round() {
		awaitTurn();
		List<Lane> lanes = takeAll();
		boolean scheduled = takeScheduled();
		boolean circuits = this.circuits;
		this.circuits = false;
		if (!lanes.isEmpty() || scheduled || circuits) {
			this.lastRound = System.nanoTime();
			try {
				send(payloads(lanes, scheduled, circuits));
			}
			catch (RuntimeException ex) {
				add(lanes);
				this.scheduled |= scheduled;
				this.circuits |= circuits;
				throw ex;
			}
		}
		return this.scheduled ? Duration.ofNanos(SCHEDULED_PACE) : IDLE;
	}

	private boolean takeScheduled() {
		boolean take = this.scheduled && System.nanoTime() - this.lastScheduled >= SCHEDULED_PACE;
		if (take) {
			this.lastScheduled = System.nanoTime();
			this.scheduled = false;
		}
		return take;
	}

	private List<String> payloads(List<Lane> lanes, boolean scheduled, boolean circuits) {
		List<String> payloads = new ArrayList<>();
		lanes.forEach((lane) -> payloads.add(new Notice(this.sender, lane).payload()));
		if (scheduled) {
			payloads.add(new Notice(this.sender, null).payload());
		}
		if (circuits) {
			payloads.add(Notice.ofCircuits(this.sender));
		}
		return payloads;
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
