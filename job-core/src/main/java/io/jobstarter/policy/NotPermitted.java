package io.jobstarter.policy;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;

import org.jspecify.annotations.Nullable;

/**
 * Recognises what Resilience4j throws when it lets nobody through: the handler has not
 * done its work, but nothing is wrong with the job, which comes back without an attempt
 * used up. By the names of classes, so that it works whether or not the library is there.
 */
final class NotPermitted {

	/**
	 * How long to wait, at least. A breaker is open for a while, by default a minute; the
	 * others make room within seconds. There is nothing that counts how often a job came
	 * back, so the wait does not grow.
	 */
	private static final Map<String, Duration> WAITS = Map.of(
			"io.github.resilience4j.circuitbreaker.CallNotPermittedException", Duration.ofSeconds(5),
			"io.github.resilience4j.ratelimiter.RequestNotPermitted", Duration.ofSeconds(1),
			"io.github.resilience4j.bulkhead.BulkheadFullException", Duration.ofSeconds(1));

	private NotPermitted() {
	}

	/**
	 * Tells whether a class is such an exception.
	 * @param type the class
	 * @return whether it or a superclass is one of them
	 */
	static boolean isOne(Class<?> type) {
		return waitOf(type) != null;
	}

	/**
	 * Says how long a job waits after an exception: the least time and up to as much
	 * again by chance, so that those who were refused together do not come back together.
	 * @param error the exception or one of its causes
	 * @return the wait, or empty if it is something else
	 */
	static Optional<Duration> waitAfter(Throwable error) {
		return Optional.ofNullable(waitOf(error.getClass()))
			.map((wait) -> wait.plusMillis(ThreadLocalRandom.current().nextLong(wait.toMillis())));
	}

	private static @Nullable Duration waitOf(Class<?> type) {
		for (@Nullable
		Class<?> link = type; link != null; link = link.getSuperclass()) {
			Duration wait = WAITS.get(link.getName());
			if (wait != null) {
				return wait;
			}
		}
		return null;
	}

}
