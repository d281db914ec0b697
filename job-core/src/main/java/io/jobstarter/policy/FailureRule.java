package io.jobstarter.policy;

import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;

import io.jobstarter.DiscardOn;
import io.jobstarter.DueTime;
import io.jobstarter.InvalidJobException;
import io.jobstarter.RetryOn;
import io.jobstarter.support.Durations;
import org.jspecify.annotations.Nullable;

/**
 * One {@link RetryOn} or {@link DiscardOn}.
 *
 * @param errors the exceptions that it is for
 * @param key what its count is kept under: made of the exceptions' names, so that rules
 * may be reordered between two releases
 * @param policy says how to retry, or {@code null} to discard
 * @param giveUpAfter for how long it retries, counted from its first decision, or
 * {@code null} for as long as the policy likes
 */
record FailureRule(List<Class<? extends Throwable>> errors, String key, @Nullable RetryPolicy policy,
		@Nullable Duration giveUpAfter) {

	static FailureRule of(DiscardOn annotation) {
		return new FailureRule(List.of(annotation.value()), "", null, null);
	}

	static FailureRule of(RetryOn annotation, UnaryOperator<String> placeholders) {
		Duration delay = Durations.parse(placeholders.apply(annotation.delay()));
		Duration maxDelay = Durations.parse(placeholders.apply(annotation.maxDelay()));
		List<Class<? extends Throwable>> errors = List.of(annotation.value());
		return new FailureRule(errors, key(errors),
				new BackoffPolicy(annotation.maxAttempts(), delay, annotation.backoff(), maxDelay, annotation.jitter()),
				giveUpAfter(placeholders.apply(annotation.giveUpAfter())));
	}

	private static @Nullable Duration giveUpAfter(String text) {
		if (text.isBlank()) {
			return null;
		}
		Duration limit = Durations.parse(text);
		if (limit.isNegative() || limit.isZero() || limit.compareTo(DueTime.In.MAX) > 0) {
			throw new InvalidJobException("giveUpAfter is longer than 0 and at most 100 years, not " + text);
		}
		return limit;
	}

	/**
	 * Tells whether this rule is meant for what Resilience4j throws when it lets nobody
	 * through, rather than for exceptions in general.
	 * @param error such an exception
	 * @return whether it names its class, or one between that and what is meant
	 */
	boolean isMeantFor(Throwable error) {
		return this.errors.stream().anyMatch((type) -> NotPermitted.isOne(type) && type.isInstance(error));
	}

	/**
	 * Tells how specific the class is by which this rule matches.
	 * @param error an exception
	 * @return the number of superclasses of the rule's class, or -1 if it does not match
	 */
	int depthOfMatch(Throwable error) {
		return this.errors.stream()
			.filter((type) -> type.isInstance(error))
			.mapToInt(FailureRule::depth)
			.max()
			.orElse(-1);
	}

	FailureVerdict judge(Throwable error, RuleCounts counts, Instant now) {
		if (this.policy == null) {
			return new FailureVerdict.Discard(error.getClass().getName(), true);
		}
		Optional<Duration> delay = this.policy.delayAfter(counts.of(this.key) + 1, error);
		return delay.map((wait) -> withinTime(wait, counts, now)).orElseGet(FailureVerdict.GiveUp::new);
	}

	// The last attempt is made when the time is over, not left out because the next wait
	// would be longer than what remains.
	private FailureVerdict withinTime(Duration wait, RuleCounts counts, Instant now) {
		if (this.giveUpAfter == null) {
			return new FailureVerdict.Retry(wait, this.key);
		}
		Instant since = counts.sinceOf(this.key).orElse(now);
		Duration left = this.giveUpAfter.minus(Duration.between(since, now));
		if (left.isNegative() || left.isZero()) {
			return new FailureVerdict.GiveUp();
		}
		return new FailureVerdict.Retry((wait.compareTo(left) < 0) ? wait : left, RuleCounts.since(this.key, since));
	}

	private static int depth(Class<?> type) {
		int depth = 0;
		for (Class<?> ancestor = type.getSuperclass(); ancestor != null; ancestor = ancestor.getSuperclass()) {
			depth++;
		}
		return depth;
	}

	private static String key(List<Class<? extends Throwable>> errors) {
		String names = errors.stream().map(Class::getName).sorted().collect(Collectors.joining(","));
		return Integer.toHexString(Arrays.hashCode(names.toCharArray()));
	}

}
