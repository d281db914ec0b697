package io.jobstarter.store;

import java.util.List;
import java.util.Map;

import io.jobstarter.DueTime;
import org.jspecify.annotations.Nullable;

/**
 * A job to insert.
 *
 * @param name its name
 * @param queue its queue
 * @param priority its priority
 * @param due when it is due, by the database's clock
 * @param payload its serialized payload
 * @param headers its headers
 * @param tags its tags
 * @param unique its unique key, or {@code null}
 */
public record NewJob(String name, String queue, int priority, DueTime due, String payload, Map<String, String> headers,
		List<String> tags, @Nullable UniqueKey unique) {
}
