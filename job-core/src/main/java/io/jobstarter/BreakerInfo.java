package io.jobstarter;

import java.time.Instant;

import org.jspecify.annotations.Nullable;

/**
 * A circuit breaker of the whole fleet, as operators see it.
 *
 * @param name its name: that of the instance, followed by a colon and the key where there
 * is one for each key
 * @param state its state
 * @param since since when it is in that state; {@code null} if jobs wait for a breaker of
 * which nothing else is known
 * @param openUntil until when it stays open at least, if it is open
 * @param prober the id of the worker that probes it, if it is half open
 * @param reason why it opened, or was set
 * @param changedBy who changed it last: a node, or an operator
 * @param parked how many jobs wait for it
 */
public record BreakerInfo(String name, BreakerState state, @Nullable Instant since, @Nullable Instant openUntil,
		@Nullable Long prober, @Nullable String reason, @Nullable String changedBy, long parked) {
}
