package io.jobstarter.store.jdbc;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.function.ToLongFunction;

/**
 * Cuts what is written into statements of a bounded size: a server may refuse longer
 * ones, and end the connection that sent them.
 */
final class Portions {

	private Portions() {
	}

	/**
	 * Cuts items into portions, in their order.
	 * @param items the items
	 * @param size how large each is
	 * @param most how large a portion may be, unless it is one item
	 * @return the portions, none of them empty
	 */
	static <T> List<List<T>> of(Collection<T> items, ToLongFunction<T> size, long most) {
		List<List<T>> portions = new ArrayList<>();
		long room = 0;
		for (T item : items) {
			long taken = size.applyAsLong(item);
			if (portions.isEmpty() || taken > room) {
				portions.add(new ArrayList<>());
				room = most;
			}
			portions.get(portions.size() - 1).add(item);
			room -= taken;
		}
		return portions;
	}

}
