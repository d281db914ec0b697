package io.jobstarter;

import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * One page of a list.
 *
 * @param <T> what is listed
 * @param items the items
 * @param next where the next page starts, or {@code null} if this is the last
 */
public record JobPage<T>(List<T> items, @Nullable JobId next) {

	public JobPage {
		items = List.copyOf(items);
	}

}
