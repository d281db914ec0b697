package io.jobstarter.execution;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Function;

import io.github.resilience4j.ratelimiter.RateLimiter;
import io.github.resilience4j.ratelimiter.RateLimiterConfig;
import io.github.resilience4j.ratelimiter.internal.AtomicRateLimiter;
import io.jobstarter.DueTime;
import io.jobstarter.JobOutcome;
import io.jobstarter.handler.JobDefinition;
import io.jobstarter.policy.PutOffs;
import org.jspecify.annotations.Nullable;

/**
 * Lets jobs begin as often as the rate limiter allows that their definition names. Never
 * waits: who is refused comes back at the pace of the limiter. Jobs have limiters of
 * their own on each node, so that web traffic under the same name is not slowed by them.
 */
public final class Resilience4jRateLimiters implements JobPermits {

	private final Function<String, RateLimiter> limiters;

	private final Map<String, Limited> byName = new ConcurrentHashMap<>();

	/**
	 * Makes the permits.
	 * @param limiters makes the limiter of a name, with a timeout of 0; asked once for
	 * each
	 */
	public Resilience4jRateLimiters(Function<String, RateLimiter> limiters) {
		this.limiters = limiters;
	}

	@Override
	public Permission ask(JobDefinition definition, @Nullable Object payload) {
		String name = definition.policies().rateLimiter();
		if (name == null) {
			return Permission.UNLIMITED;
		}
		return this.byName.computeIfAbsent(name, (added) -> new Limited(this.limiters.apply(added))).ask();
	}

	/**
	 * A limiter, and those that it has put off.
	 */
	private static final class Limited {

		private final RateLimiter limiter;

		private final PutOffs putOffs = new PutOffs(() -> ThreadLocalRandom.current().nextDouble());

		Limited(RateLimiter limiter) {
			this.limiter = limiter;
		}

		Permission ask() {
			if (this.limiter.acquirePermission()) {
				return new Used(this.limiter);
			}
			RateLimiterConfig config = this.limiter.getRateLimiterConfig();
			long period = config.getLimitRefreshPeriod().toNanos();
			Duration delay = this.putOffs.delay(System.nanoTime(), room(period),
					Math.max(1, period / config.getLimitForPeriod()));
			String reason = "the rate limiter " + this.limiter.getName() + " has no permission left";
			return new Permission.Refused(new JobOutcome.Snoozed(new DueTime.In(delay), reason), reason);
		}

		private long room(long period) {
			return (this.limiter instanceof AtomicRateLimiter atomic) ? atomic.getDetailedMetrics().getNanosToWait()
					: period;
		}

	}

	/**
	 * A permission that was used: some results may take the others away.
	 *
	 * @param limiter whose
	 */
	private record Used(RateLimiter limiter) implements Permission.Granted {

		@Override
		public void ended(Permission.Ending ending) {
			if (ending.error() != null) {
				this.limiter.onError(ending.error());
			}
			else {
				this.limiter.onSuccess();
			}
		}

	}

}
