package io.jobstarter.store.jdbc;

import java.time.Instant;
import java.util.List;

import io.jobstarter.DeadLetterFilter;
import org.jspecify.annotations.Nullable;

import org.springframework.jdbc.core.simple.JdbcClient.StatementSpec;

/**
 * What a {@link DeadLetterFilter} means in a statement over {@code dead_letter d}.
 */
final class DeadLetterSelection {

	/** What follows {@code where}. */
	static final String CONDITION = """
			    (cast(:name as varchar) is null or d.name = :name)
			and (cast(:queue as varchar) is null or d.queue = :queue
			    or d.queue like cast(:queueShares as varchar) escape '!')
			and (cast(:reason as varchar) is null or d.reason = :reason)
			and (cast(:open as boolean) is null or (d.resolved_at is null) = :open)
			and (cast(:fingerprint as varchar) is null or d.fingerprint = :fingerprint)
			and (cast(:errorClass as varchar) is null or d.error_class = :errorClass)
			and (cast(:tag as varchar) is null or position(cast(:tag as varchar) in d.tags) > 0)
			and (cast(:diedFrom as varchar) is null or d.died_at >= cast(:diedFrom as timestamp with time zone))
			and (cast(:diedBefore as varchar) is null or d.died_at < cast(:diedBefore as timestamp with time zone))
			""";

	private DeadLetterSelection() {
	}

	/**
	 * Sets the parameters of {@link #CONDITION}.
	 * @param statement the statement
	 * @param filter what is meant
	 * @return the statement
	 */
	static StatementSpec bind(StatementSpec statement, DeadLetterFilter filter) {
		return statement.param("name", filter.name())
			.param("queue", filter.queue())
			.param("queueShares", StoredQueue.shares(filter.queue()))
			.param("reason", (filter.reason() != null) ? DeadLetterMapper.reason(filter.reason()) : null)
			.param("open", filter.open())
			.param("fingerprint", filter.fingerprint())
			.param("errorClass", filter.errorClass())
			.param("tag", (filter.tag() != null) ? Values.tags(List.of(filter.tag())) : null)
			.param("diedFrom", timestamp(filter.diedFrom()))
			.param("diedBefore", timestamp(filter.diedBefore()));
	}

	/**
	 * Makes a filter mean open letters only.
	 * @param filter the filter
	 * @return the same of open letters
	 */
	static DeadLetterFilter open(DeadLetterFilter filter) {
		return new DeadLetterFilter(filter.name(), filter.queue(), filter.reason(), true, filter.fingerprint(),
				filter.errorClass(), filter.tag(), filter.diedFrom(), filter.diedBefore());
	}

	static @Nullable String timestamp(@Nullable Instant instant) {
		return (instant != null) ? Values.timestamp(instant) : null;
	}

}
