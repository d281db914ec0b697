package io.jobstarter.worker;

import java.time.Duration;

import io.jobstarter.store.FleetDivision;
import io.jobstarter.store.FleetQueue;
import io.jobstarter.store.FleetWish;
import org.jspecify.annotations.Nullable;

/**
 * What this node has of the slots of one bounded queue, and what it makes of that: when
 * it asks for more, and when it gives some back. Times are those of a monotonic clock, in
 * nanoseconds.
 */
final class FleetShare {

	/** How long slots are kept that nobody else wants. */
	static final long KEEP = Duration.ofSeconds(5).toNanos();

	/** After which time a slot counts as unused while others want some. */
	static final long UNUSED = Duration.ofMillis(100).toNanos();

	/** How often to look what others want. */
	static final long LOOK = Duration.ofMillis(500).toNanos();

	/** How often to look while it waits for slots. */
	static final long LOOK_WAITING = Duration.ofMillis(200).toNanos();

	/** How long it asks for nothing after it had no use for what it got. */
	static final long QUIET = Duration.ofSeconds(1).toNanos();

	private final String name;

	private final @Nullable Integer declared;

	private long turn;

	private int slots;

	private int wanted;

	/** How many it may hold; fewer than it has slots, if it is to give some back. */
	private volatile int allowed;

	private volatile long lastUsed;

	private boolean known;

	private boolean knownBefore;

	private int allowedBefore;

	private boolean othersLack;

	private boolean refused;

	private long quietUntil;

	private long nextLook;

	FleetShare(String name, @Nullable Integer declared, long now) {
		this.name = name;
		this.declared = declared;
		this.lastUsed = now;
		this.quietUntil = now;
		this.nextLook = now;
	}

	String name() {
		return this.name;
	}

	int slots() {
		return this.slots;
	}

	/**
	 * Tells whether others believe that the node could use more than it has.
	 * @return whether it has said so
	 */
	boolean wants() {
		return this.wanted > this.slots;
	}

	/**
	 * Says how many jobs may be claimed.
	 * @param held how many are held
	 * @return how many
	 */
	int left(int held) {
		return Math.max(0, this.allowed - held);
	}

	/**
	 * Notes that all that may be held is.
	 * @param now the time
	 */
	void used(long now) {
		this.lastUsed = now;
	}

	/**
	 * Says how many jobs the node wants to hold.
	 * @param demand what there is to do
	 * @param now the time
	 * @return what it asks for if it asks now
	 */
	FleetWish wish(Demand demand, long worker, long now) {
		return new FleetWish(this.name, worker, this.turn + 1, demand.held(),
				Math.max(demand.held(), wanted(demand, now)), this.declared);
	}

	private int wanted(Demand demand, long now) {
		boolean used = this.slots == 0 || demand.held() >= this.allowed || now - this.lastUsed < UNUSED;
		if (demand.waiting() && used) {
			int most = demand.held() + demand.room();
			// Twice as many each time, or a node that has little to do would take a lot.
			int more = this.refused ? most : Math.max(1, 2 * this.slots);
			return (now - this.quietUntil >= 0) ? Math.min(most, more) : Math.min(most, this.slots);
		}
		if (now - this.lastUsed < KEEP && !this.othersLack) {
			return this.slots;
		}
		return (demand.waiting() && !this.othersLack) ? Math.min(1, this.slots) : 0;
	}

	/**
	 * Tells whether the node is to ask at once: it does not know what it has, or has
	 * something to give back.
	 * @param wish what it would ask for
	 * @return whether to
	 */
	boolean mustAsk(FleetWish wish) {
		return !this.known || wish.wanted() < this.slots || this.slots > Math.max(this.allowed, wish.held());
	}

	/**
	 * Tells whether the node is to look what others have.
	 * @param wish what it would ask for
	 * @param now the time
	 * @return whether to
	 */
	boolean mustLook(FleetWish wish, long now) {
		return (this.slots > 0 || wish.wanted() > 0) && now - this.nextLook >= 0
				|| wish.wanted() > this.slots && !this.refused;
	}

	/**
	 * Notes how slots are divided.
	 * @param seen what was read
	 * @param wish what the node would ask for
	 * @param now the time
	 * @return whether it is to ask
	 */
	boolean looked(FleetQueue seen, FleetWish wish, long now) {
		note(seen, wish, now);
		int has = seen.of(wish.worker()).map(FleetQueue.FleetShare::slots).orElse(0);
		boolean says = (wish.wanted() > has) ? this.wanted >= wish.wanted() : this.wanted <= has;
		return has != this.slots || !says || FleetDivision.slots(seen, wish) != has;
	}

	/**
	 * Notes that a question is on its way. As long as it is not answered, the node does
	 * not know what it has.
	 * @param wish the question
	 */
	void asks(FleetWish wish) {
		this.knownBefore = this.known;
		this.allowedBefore = this.allowed;
		this.turn = wish.turn();
		this.known = false;
		this.allowed = Math.min(this.allowed, wish.held());
	}

	/**
	 * Notes that the question changed nothing, since somebody else divides the slots.
	 * @param now the time
	 */
	void notNow(long now) {
		this.known = this.knownBefore;
		this.allowed = this.allowedBefore;
		this.refused = true;
		this.nextLook = now + LOOK_WAITING;
	}

	/**
	 * Notes the answer.
	 * @param divided how slots are divided now
	 * @param wish the question
	 * @param now the time
	 */
	void answered(FleetQueue divided, FleetWish wish, long now) {
		int before = this.slots;
		this.slots = divided.of(wish.worker()).map(FleetQueue.FleetShare::slots).orElse(0);
		this.wanted = wish.wanted();
		this.known = true;
		note(divided, wish, now);
		if (this.slots > before) {
			this.lastUsed = now;
		}
		else if (this.slots < before && wish.wanted() < before) {
			this.quietUntil = now + QUIET;
		}
	}

	private void note(FleetQueue queue, FleetWish wish, long now) {
		this.othersLack = queue.shares()
			.stream()
			.anyMatch((other) -> other.worker() != wish.worker() && other.wanted() > other.slots());
		int granted = FleetDivision.granted(queue, wish);
		this.refused = granted < wish.wanted();
		this.allowed = Math.min(granted, this.slots);
		// Who does not use what it has is quick to see that others lack it.
		boolean unused = this.slots > wish.held();
		this.nextLook = now + ((this.refused || unused) ? LOOK_WAITING : LOOK);
	}

	/**
	 * Says how long nothing has to be looked at.
	 * @param now the time
	 * @return nanoseconds
	 */
	long untilLook(long now) {
		if (this.slots > 0 || this.wanted > 0 || !this.known) {
			return Math.max(1, this.nextLook - now);
		}
		// What came while it asked for nothing is not announced again.
		return (now - this.quietUntil < 0) ? this.quietUntil - now : Long.MAX_VALUE;
	}

	/**
	 * What a node has to do for a queue.
	 *
	 * @param held how many jobs it holds
	 * @param room how many more could start, as far as this node is concerned
	 * @param waiting whether there may be jobs that wait
	 */
	record Demand(int held, int room, boolean waiting) {
	}

}
