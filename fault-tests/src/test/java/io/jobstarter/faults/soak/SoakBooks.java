package io.jobstarter.faults.soak;

import java.util.BitSet;
import java.util.Collection;
import java.util.List;

/**
 * Which jobs were committed, and which of them have said that they are done. Safe for
 * several threads.
 */
final class SoakBooks {

	private static final int SHOWN = 20;

	private final BitSet committed = new BitSet();

	private final BitSet transactional = new BitSet();

	private final BitSet done = new BitSet();

	private final BitSet doneTwice = new BitSet();

	synchronized void committed(Collection<Integer> numbers, Collection<Integer> ofTransactional) {
		numbers.forEach(this.committed::set);
		ofTransactional.forEach(this.transactional::set);
	}

	synchronized void done(List<Integer> numbers) {
		for (int number : numbers) {
			(this.done.get(number) ? this.doneTwice : this.done).set(number);
		}
	}

	synchronized int countDone() {
		return this.done.cardinality();
	}

	synchronized int countCommitted() {
		return this.committed.cardinality();
	}

	/**
	 * Lists those that were committed and are not done.
	 * @return the first of their numbers
	 */
	synchronized List<Integer> lost() {
		return without(this.committed, this.done);
	}

	/**
	 * Lists those that are done and were not committed, and transactional ones that are
	 * done twice.
	 * @return the first of their numbers
	 */
	synchronized List<Integer> unexpected() {
		BitSet twice = copy(this.doneTwice);
		twice.and(this.transactional);
		twice.or(copy(this.done, this.committed));
		return first(twice);
	}

	/**
	 * Counts what ran twice, and may since it was not transactional and a node was
	 * killed.
	 * @return how many jobs
	 */
	synchronized int countRepeated() {
		return copy(this.doneTwice, this.transactional).cardinality();
	}

	private static List<Integer> without(BitSet set, BitSet others) {
		return first(copy(set, others));
	}

	private static BitSet copy(BitSet set, BitSet... without) {
		BitSet copy = (BitSet) set.clone();
		for (BitSet others : without) {
			copy.andNot(others);
		}
		return copy;
	}

	private static List<Integer> first(BitSet set) {
		return set.stream().limit(SHOWN).boxed().toList();
	}

}
