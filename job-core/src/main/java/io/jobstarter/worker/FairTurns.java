package io.jobstarter.worker;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

import io.jobstarter.store.ClaimRequest.LaneStart;

/**
 * How the shares of a queue take turns in a claim: the one that has used least is asked
 * first, and each for as many jobs as make equal numbers of all that wait at hand. Those
 * that had no more jobs when they were asked last are not counted for that, so that the
 * others get all there is room for.
 */
final class FairTurns {

	static final FairTurns NONE = new FairTurns(List.of());

	/** By the number of the share, that which has used least first. */
	private final Map<Integer, Turn> turns = new LinkedHashMap<>();

	private final int waiting;

	private final int many;

	/**
	 * Makes the turns.
	 * @param turns the shares, that which has used least first; none if the queue has
	 * none
	 */
	FairTurns(List<Turn> turns) {
		turns.forEach((turn) -> this.turns.put(turn.share(), turn));
		this.waiting = turns.stream().mapToInt(Turn::waiting).sum();
		this.many = (int) Math.max(1, turns.stream().filter((turn) -> !turn.dry()).count());
	}

	boolean isShared() {
		return !this.turns.isEmpty();
	}

	/**
	 * Puts lanes in order.
	 * @param lanes the lanes, in the order in which each share is to be emptied
	 * @return the same share by share
	 */
	List<LaneStart> order(Collection<LaneStart> lanes) {
		Map<Integer, List<LaneStart>> byShare = lanes.stream()
			.collect(Collectors.groupingBy((start) -> start.lane().share()));
		return this.turns.keySet()
			.stream()
			.flatMap((share) -> byShare.getOrDefault(share, List.of()).stream())
			.toList();
	}

	/**
	 * Tells whether a share has received jobs of which none is at hand.
	 * @param share the share
	 * @return whether it has
	 */
	boolean isNewcomer(int share) {
		Turn turn = this.turns.get(share);
		return turn != null && turn.newcomer();
	}

	/**
	 * Says how many shares are to have equal numbers of jobs at hand.
	 * @return how many have jobs, at least 1
	 */
	int many() {
		return this.many;
	}

	/**
	 * Says how many jobs to ask of a share.
	 * @param share the share
	 * @param room how many there is room for, of all shares
	 * @return how many, at least 0
	 */
	int limit(int share, int room) {
		Turn turn = this.turns.get(share);
		if (turn == null) {
			return room;
		}
		int equal = (this.waiting + room + this.many - 1) / this.many;
		return Math.min(room, Math.max(0, equal - turn.waiting()));
	}

	/**
	 * A share.
	 *
	 * @param share its number
	 * @param used what it has used of the slots
	 * @param waiting how many of its jobs are at hand
	 * @param dry whether it had no more jobs when it was asked last
	 * @param newcomer whether it has received jobs, and none is at hand
	 */
	record Turn(int share, double used, int waiting, boolean dry, boolean newcomer) {
	}

}
