package io.jobstarter.client;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import io.jobstarter.DueTime;
import io.jobstarter.Uniqueness;
import org.jspecify.annotations.Nullable;

/**
 * What the caller of one enqueue chose; {@code null} leaves it to the handler.
 *
 * @param due when it is due
 * @param queue the queue
 * @param priority the priority
 * @param unique how it is unique
 * @param tags the tags
 * @param headers the headers
 * @param share the share of the queue
 */
record EnqueueOptions(@Nullable DueTime due, @Nullable String queue, @Nullable Integer priority,
		@Nullable Uniqueness unique, List<String> tags, Map<String, String> headers, @Nullable Integer share) {

	static final EnqueueOptions NONE = new EnqueueOptions(null, null, null, null, List.of(), Map.of(), null);

	EnqueueOptions withDue(DueTime due) {
		return new EnqueueOptions(due, this.queue, this.priority, this.unique, this.tags, this.headers, this.share);
	}

	EnqueueOptions withQueue(String queue) {
		return new EnqueueOptions(this.due, queue, this.priority, this.unique, this.tags, this.headers, this.share);
	}

	EnqueueOptions withPriority(int priority) {
		return new EnqueueOptions(this.due, this.queue, priority, this.unique, this.tags, this.headers, this.share);
	}

	EnqueueOptions withShare(int share) {
		return new EnqueueOptions(this.due, this.queue, this.priority, this.unique, this.tags, this.headers, share);
	}

	EnqueueOptions withUnique(Uniqueness unique) {
		return new EnqueueOptions(this.due, this.queue, this.priority, unique, this.tags, this.headers, this.share);
	}

	EnqueueOptions plusTag(String tag) {
		List<String> more = new ArrayList<>(this.tags);
		more.add(tag);
		return new EnqueueOptions(this.due, this.queue, this.priority, this.unique, more, this.headers, this.share);
	}

	/**
	 * Adds the headers of the context. Those that the caller chose go before them.
	 * @param context the headers of the context
	 * @return the options with both
	 */
	EnqueueOptions withContext(Map<String, String> context) {
		if (context.isEmpty()) {
			return this;
		}
		Map<String, String> all = new LinkedHashMap<>(context);
		all.putAll(this.headers);
		return new EnqueueOptions(this.due, this.queue, this.priority, this.unique, this.tags, all, this.share);
	}

	EnqueueOptions plusHeader(String name, String value) {
		Map<String, String> more = new LinkedHashMap<>(this.headers);
		more.put(name, value);
		return new EnqueueOptions(this.due, this.queue, this.priority, this.unique, this.tags, more, this.share);
	}

}
