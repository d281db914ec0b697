package io.jobstarter.autoconfigure.actuate;

import java.util.Comparator;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.actuate.endpoint.OperationResponseBody;

/**
 * One page of a list of what has names, in their order.
 *
 * @param <T> what is listed
 * @param items the items
 * @param next what to pass as {@code after} for the next page; absent on the last
 */
public record NamedPage<T>(List<T> items, @Nullable String next) implements OperationResponseBody {

	static <T> NamedPage<T> of(Stream<T> all, Function<T, String> name, @Nullable String after, int limit) {
		List<T> items = all.sorted(Comparator.comparing(name))
			.filter((item) -> after == null || name.apply(item).compareTo(after) > 0)
			.limit(limit + 1L)
			.toList();
		boolean more = items.size() > limit;
		List<T> page = more ? items.subList(0, limit) : items;
		return new NamedPage<>(page, more ? name.apply(page.get(limit - 1)) : null);
	}

}
