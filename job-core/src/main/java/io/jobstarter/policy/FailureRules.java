package io.jobstarter.policy;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.UnaryOperator;

import io.jobstarter.DiscardOn;
import io.jobstarter.DueTime;
import io.jobstarter.JobDiscard;
import io.jobstarter.JobRetry;
import io.jobstarter.JobSignal;
import io.jobstarter.JobSnooze;
import io.jobstarter.JobTimeoutException;
import io.jobstarter.RetryOn;
import io.jobstarter.support.CleanText;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

/**
 * The failure rules of one handler. A signal anywhere in the chain of causes decides
 * first; then an exception with which Resilience4j lets nobody through, unless a rule is
 * meant for it; then, among {@link RetryOn} and {@link DiscardOn}, the most specific
 * exception class that matches anything in the chain (of equal ones the discard); then
 * the policy.
 */
public final class FailureRules {

	private static final Log logger = LogFactory.getLog(FailureRules.class);

	private static final int MAX_SHOWN = 500;

	private final List<FailureRule> rules;

	private final RetryPolicy policy;

	private FailureRules(List<FailureRule> rules, RetryPolicy policy) {
		this.rules = rules;
		this.policy = policy;
	}

	/**
	 * Makes the rules of a handler.
	 * @param retryOn its retry rules
	 * @param discardOn its discard rules
	 * @param placeholders resolves what stands in their strings
	 * @param policy decides where no rule matches
	 * @return the rules
	 */
	public static FailureRules of(Collection<RetryOn> retryOn, Collection<DiscardOn> discardOn,
			UnaryOperator<String> placeholders, RetryPolicy policy) {
		List<FailureRule> rules = new ArrayList<>();
		discardOn.forEach((annotation) -> rules.add(FailureRule.of(annotation)));
		retryOn.forEach((annotation) -> rules.add(FailureRule.of(annotation, placeholders)));
		return new FailureRules(List.copyOf(rules), policy);
	}

	/**
	 * Judges a failure.
	 * @param error what was thrown
	 * @param failuresBefore how many attempts have failed before this one
	 * @param counts how often each rule has decided before
	 * @param now the time of the database
	 * @return what becomes of the job
	 */
	public FailureVerdict judge(Throwable error, int failuresBefore, RuleCounts counts, Instant now) {
		// A rule decides once a failure at most: more than that is not our writing.
		RuleCounts believed = (counts.total() <= failuresBefore) ? counts : RuleCounts.NONE;
		return judgeBelieving(error, failuresBefore, believed, now);
	}

	private FailureVerdict judgeBelieving(Throwable error, int failuresBefore, RuleCounts counts, Instant now) {
		List<Throwable> chain = CauseChain.of(error);
		for (Throwable link : chain) {
			if (link instanceof JobSignal signal) {
				return judge(signal, failuresBefore, counts);
			}
		}
		return notPermitted(chain).or(() -> mostSpecific(chain).map((rule) -> rule.judge(error, counts, now)))
			.orElseGet(() -> byPolicy(error, failuresBefore, counts));
	}

	// A body that was interrupted by its timeout may end with anything: it is the timeout
	// that counts, or a job might come back for ever.
	private Optional<FailureVerdict> notPermitted(List<Throwable> chain) {
		if (chain.get(0) instanceof JobTimeoutException) {
			return Optional.empty();
		}
		return chain.stream()
			.filter((link) -> this.rules.stream().noneMatch((rule) -> rule.isMeantFor(link)))
			.flatMap((link) -> NotPermitted.waitAfter(link).map((wait) -> refused(link, wait)).stream())
			.findFirst();
	}

	private static FailureVerdict refused(Throwable refusal, Duration wait) {
		return new FailureVerdict.Snooze(new DueTime.In(wait),
				"what it called let it not through: " + refusal.getClass().getSimpleName());
	}

	private FailureVerdict judge(JobSignal signal, int failuresBefore, RuleCounts counts) {
		if (signal instanceof JobDiscard discard) {
			return new FailureVerdict.Discard(discard.reason(), false);
		}
		if (signal instanceof JobSnooze snooze) {
			return new FailureVerdict.Snooze(snooze.due(), "its handler put it off");
		}
		Duration asked = ((JobRetry) signal).delay();
		FailureVerdict verdict = byPolicy(signal, failuresBefore, counts);
		return (verdict instanceof FailureVerdict.Retry) ? new FailureVerdict.Retry(asked, null) : verdict;
	}

	private FailureVerdict byPolicy(Throwable error, int failuresBefore, RuleCounts counts) {
		int judgedByPolicy = Math.toIntExact(failuresBefore - counts.total() + 1);
		Optional<Duration> delay = delayByPolicy(judgedByPolicy, error);
		return delay.<FailureVerdict>map((wait) -> new FailureVerdict.Retry(wait, null))
			.orElseGet(FailureVerdict.GiveUp::new);
	}

	// The policy may be the application's own. If it fails, the job must still come to
	// an end some time.
	private Optional<Duration> delayByPolicy(int failures, Throwable error) {
		try {
			Optional<Duration> delay = Objects.requireNonNull(this.policy.delayAfter(failures, error));
			// Refuses what cannot be stored.
			delay.ifPresent(DueTime.In::new);
			return delay;
		}
		catch (Throwable ex) {
			// Not with its stack trace: it may be what the handler threw, which may throw
			// itself when somebody looks at it.
			logger.error(
					"The retry policy failed: the built-in one decides instead: " + CleanText.oneLine(ex, MAX_SHOWN));
			return BackoffPolicy.DEFAULT.delayAfter(failures, error);
		}
	}

	private Optional<FailureRule> mostSpecific(List<Throwable> chain) {
		FailureRule best = null;
		int bestDepth = -1;
		for (Throwable link : chain) {
			for (FailureRule rule : this.rules) {
				// Discard rules stand first, outer exceptions too: of equal ones they
				// win.
				int depth = rule.depthOfMatch(link);
				if (depth > bestDepth) {
					best = rule;
					bestDepth = depth;
				}
			}
		}
		return Optional.ofNullable(best);
	}

}
