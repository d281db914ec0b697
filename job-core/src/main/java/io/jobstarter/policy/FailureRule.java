package io.jobstarter.policy;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;

import io.jobstarter.DiscardOn;
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
 */
record FailureRule(List<Class<? extends Throwable>> errors, String key, @Nullable RetryPolicy policy) {

	static FailureRule of(DiscardOn annotation) {
		return new FailureRule(List.of(annotation.value()), "", null);
	}

	static FailureRule of(RetryOn annotation, UnaryOperator<String> placeholders) {
		Duration delay = Durations.parse(placeholders.apply(annotation.delay()));
		Duration maxDelay = Durations.parse(placeholders.apply(annotation.maxDelay()));
		List<Class<? extends Throwable>> errors = List.of(annotation.value());
		return new FailureRule(errors, key(errors), new BackoffPolicy(annotation.maxAttempts(), delay,
				annotation.backoff(), maxDelay, annotation.jitter()));
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

	FailureVerdict judge(Throwable error, RuleCounts counts) {
		if (this.policy == null) {
			return new FailureVerdict.Discard(error.getClass().getName(), true);
		}
		Optional<Duration> delay = this.policy.delayAfter(counts.of(this.key) + 1, error);
		return delay.<FailureVerdict>map((wait) -> new FailureVerdict.Retry(wait, this.key))
			.orElseGet(FailureVerdict.GiveUp::new);
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
