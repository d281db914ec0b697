package io.jobstarter.faults.life;

import java.util.Arrays;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;

import org.jspecify.annotations.Nullable;

/**
 * What was committed at a moment, as PostgreSQL's snapshots tell.
 *
 * @param next transactions from this one on were not
 * @param open nor were these
 */
record Moment(long next, Set<Long> open) {

	static Moment of(@Nullable String snapshot) {
		String[] parts = Objects.requireNonNull(snapshot).split(":", -1);
		Set<Long> open = parts[2].isEmpty() ? Set.of()
				: Arrays.stream(parts[2].split(",")).map(Long::valueOf).collect(Collectors.toSet());
		return new Moment(Long.parseLong(parts[1]), open);
	}

	boolean sees(long transaction) {
		return transaction < this.next && !this.open.contains(transaction);
	}

}
