package io.jobstarter.execution;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import io.github.resilience4j.ratelimiter.RateLimiter;
import io.github.resilience4j.ratelimiter.RateLimiterConfig;
import io.jobstarter.DueTime;
import io.jobstarter.JobOutcome;
import io.jobstarter.handler.JobDefinition;
import io.jobstarter.handler.JobPolicies;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import static io.jobstarter.execution.TestDefinitions.calling;
import static org.assertj.core.api.Assertions.assertThat;

class Resilience4jRateLimitersTests {

	private final List<String> made = new ArrayList<>();

	private RateLimiterConfig config = RateLimiterConfig.custom()
		.limitForPeriod(2)
		.limitRefreshPeriod(Duration.ofHours(1))
		.timeoutDuration(Duration.ZERO)
		.build();

	private final Resilience4jRateLimiters limiters = new Resilience4jRateLimiters((name) -> {
		this.made.add(name);
		return RateLimiter.of(name, this.config);
	});

	@Test
	void asksNobodyForAJobWithoutALimiter() {
		assertThat(this.limiters.ask(limitedBy(null), null)).isSameAs(Permission.UNLIMITED);
		assertThat(this.made).isEmpty();
	}

	@Test
	void jobsOfOneNameShareALimiter() {
		assertThat(this.limiters.ask(limitedBy("outbound"), null)).isInstanceOf(Permission.Granted.class);
		assertThat(this.limiters.ask(limitedBy("outbound"), null)).isInstanceOf(Permission.Granted.class);
		assertThat(this.limiters.ask(limitedBy("outbound"), null)).isInstanceOf(Permission.Refused.class);
		assertThat(this.limiters.ask(limitedBy("inbound"), null)).isInstanceOf(Permission.Granted.class);
		assertThat(this.made).containsExactly("outbound", "inbound");
	}

	@Test
	void thoseWhoAreRefusedComeBackAfterTheRefreshAndNotTogether() {
		this.limiters.ask(limitedBy("outbound"), null);
		this.limiters.ask(limitedBy("outbound"), null);
		List<Duration> delays = new ArrayList<>();
		for (int i = 0; i < 10; i++) {
			Permission.Refused refused = (Permission.Refused) this.limiters.ask(limitedBy("outbound"), null);
			assertThat(refused.reason()).isEqualTo("the rate limiter outbound has no permission left");
			delays.add(((DueTime.In) ((JobOutcome.Snoozed) refused.outcome()).due()).delay());
		}
		assertThat(delays).isSorted().doesNotHaveDuplicates();
		assertThat(delays.get(9).minus(delays.get(0))).isBetween(Duration.ofHours(4), Duration.ofHours(5));
	}

	@Test
	void someErrorsTakeAllPermissionsAway() {
		this.config = RateLimiterConfig.from(this.config).drainPermissionsOnResult((result) -> result.isLeft()).build();
		Permission.Granted granted = (Permission.Granted) this.limiters.ask(limitedBy("outbound"), null);
		granted.ended(new Permission.Ending(1, new IllegalStateException("too many requests"), null));
		assertThat(this.limiters.ask(limitedBy("outbound"), null)).isInstanceOf(Permission.Refused.class);
	}

	private static JobDefinition limitedBy(@Nullable String name) {
		return TestDefinitions.withPolicies(calling((payload, attempt) -> {
		}), new JobPolicies(null, null, null, name));
	}

}
