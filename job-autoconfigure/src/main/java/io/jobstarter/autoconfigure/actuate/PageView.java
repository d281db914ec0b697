package io.jobstarter.autoconfigure.actuate;

import java.util.List;
import java.util.function.Function;

import io.jobstarter.JobId;
import io.jobstarter.JobPage;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.actuate.endpoint.OperationResponseBody;

/**
 * One page of a list.
 *
 * @param <T> what is listed
 * @param items the items
 * @param next what to pass as {@code before} for the next page; absent on the last
 */
public record PageView<T>(List<T> items, @Nullable Long next) implements OperationResponseBody {

	static <S, T> PageView<T> of(JobPage<S> page, Function<S, T> view) {
		JobId next = page.next();
		return new PageView<>(page.items().stream().map(view).toList(), (next != null) ? next.value() : null);
	}

}
