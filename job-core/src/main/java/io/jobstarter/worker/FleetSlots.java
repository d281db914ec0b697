package io.jobstarter.worker;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;
import java.util.function.ToIntFunction;

import io.jobstarter.store.ClaimRequest.FleetBound;
import io.jobstarter.store.FleetQueue;
import io.jobstarter.store.FleetStore;
import io.jobstarter.store.FleetWish;
import io.jobstarter.worker.FleetShare.Demand;
import io.jobstarter.worker.WorkerSettings.QueueSettings;
import org.jspecify.annotations.Nullable;

/**
 * The slots that this node has of queues of which all nodes together run a bounded
 * number. The database divides them; here they are asked for, used and given back. All of
 * that is the poller's, or that of whoever stops the node after it; only what may be
 * claimed is asked by others.
 */
final class FleetSlots implements FleetLimits {

	private static final Duration LONG = Duration.ofHours(1);

	private final FleetStore store;

	private final ServedQueues served;

	private final Map<String, Integer> declared = new HashMap<>();

	private final LongSupplier clock;

	private final Map<String, FleetShare> shares = new ConcurrentHashMap<>();

	/** Of earlier identities, which still hold jobs: how many slots they kept. */
	private final Map<WorkerIdentity, Map<String, Integer>> earlier = new HashMap<>();

	private volatile Set<String> bounded;

	private volatile @Nullable WorkerIdentity identity;

	FleetSlots(FleetStore store, WorkerSettings settings, LongSupplier clock) {
		this.store = store;
		this.served = settings.served();
		this.clock = clock;
		settings.queues().forEach(this::declare);
		this.bounded = Set.copyOf(this.declared.keySet());
	}

	private void declare(String entry, QueueSettings settings) {
		if (settings.maxFleetConcurrency() != null) {
			this.declared.put(entry, settings.maxFleetConcurrency());
		}
	}

	/**
	 * Hears which queues are bounded, because an operator or the configuration of a node
	 * says so.
	 * @param names queues, and wildcards
	 */
	void heard(Set<String> names) {
		if (!this.bounded.containsAll(names) || this.bounded.size() > this.declared.size()) {
			Set<String> all = new HashSet<>(names);
			all.addAll(this.declared.keySet());
			this.bounded = Set.copyOf(all);
		}
	}

	@Override
	public boolean bounds(String entry) {
		return this.bounded.contains(entry);
	}

	@Override
	public List<String> boundsOf(String queue) {
		Set<String> bounded = this.bounded;
		if (bounded.isEmpty()) {
			return List.of();
		}
		String entry = this.served.entryOf(queue).orElse(queue);
		List<String> names = new ArrayList<>(2);
		if (bounded.contains(entry)) {
			names.add(entry);
		}
		if (!entry.equals(queue) && bounded.contains(queue)) {
			names.add(queue);
		}
		return names;
	}

	@Override
	public int left(String queue) {
		int left = Integer.MAX_VALUE;
		for (String name : boundsOf(queue)) {
			left = Math.min(left, leftOf(name));
		}
		return left;
	}

	private int leftOf(String name) {
		FleetShare share = this.shares.get(name);
		WorkerIdentity identity = this.identity;
		return (share != null && identity != null) ? share.left(held(identity, name)) : 0;
	}

	private int held(WorkerIdentity identity, String name) {
		return identity.held((queue) -> isOf(name, queue));
	}

	private boolean isOf(String name, String queue) {
		return name.equals(queue) || this.served.entryOf(queue).filter(name::equals).isPresent();
	}

	/**
	 * Says what bounds a claim.
	 * @param identity who claims
	 * @param queue one of the queues of the claim, which are all bounded alike
	 * @return the bounds
	 */
	List<FleetBound> bounds(WorkerIdentity identity, String queue) {
		return boundsOf(queue).stream().sorted().map((name) -> new FleetBound(name, held(identity, name))).toList();
	}

	/**
	 * Notes that jobs were claimed.
	 * @param queue one of the queues of the claim
	 */
	void claimed(String queue) {
		for (String name : boundsOf(queue)) {
			FleetShare share = this.shares.get(name);
			if (share != null && leftOf(name) == 0) {
				share.used(this.clock.getAsLong());
			}
		}
	}

	/**
	 * Hears under which identity the node claims from now on. What the earlier one had,
	 * and does not need for jobs that the node knows, becomes that of the present one, in
	 * the database before anything else is done: a claim of the earlier one that is still
	 * on its way gets none.
	 * @param current the present identity
	 */
	void follow(WorkerIdentity current) {
		WorkerIdentity before = this.identity;
		if (before == current) {
			return;
		}
		// One that was declared dead has nothing any more.
		if (before != null && before.isLeased()) {
			Map<String, Integer> kept = new HashMap<>();
			this.shares.keySet().forEach((name) -> kept.put(name, move(name, before, current)));
			this.earlier.put(before, kept);
		}
		this.shares.clear();
		this.identity = current;
	}

	private int move(String name, WorkerIdentity from, WorkerIdentity to) {
		int held = held(from, name);
		this.store.move(name, from.id(), to.id(), held);
		return held;
	}

	/**
	 * Asks for slots where there is something to do, and gives back what others need or
	 * nobody does.
	 * @param current the identity of the node
	 * @param queues the queues that have jobs
	 * @param room how many jobs of a queue, or an entry, could start on this node beside
	 * those that it holds
	 * @return when to do so again
	 */
	Duration sync(WorkerIdentity current, List<String> queues, ToIntFunction<String> room) {
		if (this.bounded.isEmpty() && this.shares.isEmpty()) {
			this.identity = current;
			return LONG;
		}
		follow(current);
		forget();
		this.earlier.entrySet().removeIf((one) -> !settleEarlier(one.getKey(), one.getValue(), current));
		List<FleetWish> wishes = wishes(current, queues, room);
		List<FleetWish> toLook = new ArrayList<>();
		for (FleetWish wish : wishes) {
			FleetShare share = share(wish.name());
			if (share.mustAsk(wish)) {
				ask(share, wish);
			}
			else if (share.mustLook(wish, this.clock.getAsLong())) {
				toLook.add(wish);
			}
		}
		look(toLook);
		return untilNext();
	}

	private void forget() {
		List<String> gone = this.shares.keySet().stream().filter((name) -> !this.bounded.contains(name)).toList();
		WorkerIdentity identity = this.identity;
		if (!gone.isEmpty() && identity != null) {
			this.store.leave(gone, identity.id());
			this.shares.keySet().removeAll(gone);
		}
	}

	private boolean settleEarlier(WorkerIdentity before, Map<String, Integer> kept, WorkerIdentity current) {
		kept.replaceAll((name, slots) -> (held(before, name) < slots) ? move(name, before, current) : slots);
		return before.isLeased() && !before.holdsNothing();
	}

	private List<FleetWish> wishes(WorkerIdentity current, List<String> queues, ToIntFunction<String> room) {
		Set<String> waiting = new HashSet<>();
		queues.forEach((queue) -> waiting.addAll(boundsOf(queue)));
		Set<String> names = new HashSet<>(waiting);
		names.addAll(this.shares.keySet());
		names.addAll(this.declared.keySet());
		return names.stream().sorted().map((name) -> {
			Demand demand = new Demand(held(current, name), room.applyAsInt(name), waiting.contains(name));
			return share(name).wish(demand, current.id(), this.clock.getAsLong());
		}).toList();
	}

	private FleetShare share(String name) {
		return this.shares.computeIfAbsent(name,
				(added) -> new FleetShare(added, this.declared.get(added), this.clock.getAsLong()));
	}

	private void look(List<FleetWish> wishes) {
		Map<String, FleetWish> byName = new HashMap<>();
		wishes.forEach((wish) -> byName.put(wish.name(), wish));
		for (FleetQueue seen : this.store.read(byName.keySet())) {
			FleetWish wish = byName.get(seen.name());
			if (wish != null && share(seen.name()).looked(seen, wish, this.clock.getAsLong())) {
				ask(share(seen.name()), wish);
			}
		}
	}

	private void ask(FleetShare share, FleetWish wish) {
		share.asks(wish);
		Optional<FleetQueue> divided = this.store.take(wish);
		if (divided.isPresent()) {
			share.answered(divided.get(), wish, this.clock.getAsLong());
		}
		else {
			share.notNow(this.clock.getAsLong());
		}
	}

	private Duration untilNext() {
		long now = this.clock.getAsLong();
		long least = this.shares.values()
			.stream()
			.mapToLong((share) -> share.untilLook(now))
			.min()
			.orElse(Long.MAX_VALUE);
		return Duration.ofNanos(Math.min(LONG.toNanos(), least));
	}

	/**
	 * Gives back all that no job needs, since the node claims nothing any more.
	 */
	void giveBack() {
		WorkerIdentity identity = this.identity;
		if (identity == null) {
			return;
		}
		for (FleetShare share : this.shares.values()) {
			int held = held(identity, share.name());
			if (share.slots() > held || share.wants()) {
				ask(share, share.wish(new Demand(held, 0, false), identity.id(), this.clock.getAsLong()).only(held));
			}
		}
	}

	/**
	 * Tells whether there is anything to give back while jobs end.
	 * @return whether it has slots
	 */
	boolean hasSlots() {
		return this.shares.values().stream().anyMatch((share) -> share.slots() > 0);
	}

}
