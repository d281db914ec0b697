package io.jobstarter.handler;

import java.lang.reflect.AnnotatedElement;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

import io.jobstarter.BackgroundJob;
import io.jobstarter.InOrder;
import io.jobstarter.InvalidJobException;
import io.jobstarter.JobRate;
import io.jobstarter.LimitConcurrency;
import io.jobstarter.LimitKey;
import io.jobstarter.LimitRate;
import io.jobstarter.handler.JobRules.ConcurrencyRule;
import io.jobstarter.handler.JobRules.KeyRule;
import io.jobstarter.handler.JobRules.OrderRule;
import io.jobstarter.handler.JobRules.RateRule;
import io.jobstarter.support.Durations;
import io.jobstarter.support.Names;
import org.jspecify.annotations.Nullable;

import org.springframework.core.annotation.AnnotatedElementUtils;

/**
 * Reads the rules of a declaration.
 */
final class RulesFactory {

	private static final int MOST_AT_ONCE = 100_000;

	private final UnaryOperator<String> placeholders;

	private final Map<String, Integer> limits;

	private final SensitiveNames sensitive;

	/**
	 * Makes a factory.
	 * @param placeholders resolves placeholders
	 * @param limits what the configuration says about limits
	 */
	RulesFactory(UnaryOperator<String> placeholders, LimitSettings limits) {
		this.placeholders = placeholders;
		this.limits = limits.permits();
		this.sensitive = new SensitiveNames(limits.sensitiveNames());
	}

	JobRules rules(BackgroundJob job, List<? extends AnnotatedElement> declaredOn, String name, UniqueOverrides unique,
			@Nullable Class<?> payloadType) {
		List<ConcurrencyRule> concurrency = declaredOn.stream()
			.flatMap(RulesFactory::concurrencyLimits)
			.distinct()
			.map((limit) -> concurrency(limit, name, payloadType))
			.toList();
		requireDifferent("@LimitConcurrency", concurrency.stream().map(ConcurrencyRule::key).toList());
		List<InOrder> orders = declaredOn.stream().flatMap(RulesFactory::orders).distinct().toList();
		if (orders.size() > 1) {
			throw new InvalidJobException("It has two orders: keep one @InOrder");
		}
		return new JobRules(concurrency, orders.isEmpty() ? null : order(orders.get(0), name, payloadType),
				rates(declaredOn, name, payloadType), UniqueRule.of(declaredOn, unique, this.placeholders, payloadType),
				FairBy.of(this.placeholders.apply(job.fairBy()), payloadType));
	}

	/**
	 * Lets a circuit breaker whose key is made of something sensitive be named by a hash:
	 * its name is shown, and logged.
	 * @param policies the policies of a job
	 * @param payloadType its payload's type
	 * @return these policies, whose breaker's name tells no secret
	 */
	JobPolicies withoutSecrets(JobPolicies policies, @Nullable Class<?> payloadType) {
		PayloadExpression key = policies.circuitBreakerKey();
		return (key != null && isSensitive(key, payloadType))
				? new JobPolicies(policies.retry(), policies.circuitBreaker(), key.hashed(), policies.rateLimiter())
				: policies;
	}

	private boolean isSensitive(PayloadExpression expression, @Nullable Class<?> payloadType) {
		return payloadType != null && SensitiveKeys.of(payloadType).areIn(expression.names(), this.sensitive);
	}

	private List<RateRule> rates(List<? extends AnnotatedElement> declaredOn, String name,
			@Nullable Class<?> payloadType) {
		List<RateRule> rates = declaredOn.stream()
			.flatMap((element) -> AnnotatedElementUtils.findMergedRepeatableAnnotations(element, LimitRate.class)
				.stream())
			.distinct()
			.map((limit) -> new RateRule(key("@LimitRate", limit.group(), limit.key(), name, payloadType),
					new JobRate(limit.permits(), Durations.parse(this.placeholders.apply(limit.per())))))
			.toList();
		requireDifferent("@LimitRate", rates.stream().map(RateRule::key).toList());
		return rates;
	}

	private static Stream<LimitConcurrency> concurrencyLimits(AnnotatedElement element) {
		return AnnotatedElementUtils.findMergedRepeatableAnnotations(element, LimitConcurrency.class).stream();
	}

	private static Stream<InOrder> orders(AnnotatedElement element) {
		return AnnotatedElementUtils.findAllMergedAnnotations(element, InOrder.class).stream();
	}

	private ConcurrencyRule concurrency(LimitConcurrency limit, String name, @Nullable Class<?> payloadType) {
		KeyRule key = key("@LimitConcurrency", limit.group(), limit.key(), name, payloadType);
		return new ConcurrencyRule(key, inBounds(key.group(), this.limits.getOrDefault(key.group(), limit.to())));
	}

	private static int inBounds(String group, int to) {
		if (to < 1 || to > MOST_AT_ONCE) {
			throw new InvalidJobException(
					"The limit '" + group + "' allows 1 to 100,000 jobs at the same time, not " + to);
		}
		return to;
	}

	private OrderRule order(InOrder order, String name, @Nullable Class<?> payloadType) {
		LimitKey.Kind kind = (order.onFailure() == InOrder.OnFailure.BLOCK) ? LimitKey.Kind.ORDER
				: LimitKey.Kind.ORDER_SKIPPING;
		return new OrderRule(key("@InOrder", order.group(), order.key(), name, payloadType), kind);
	}

	// One key of two limits of the same name would be asked for twice.
	private static void requireDifferent(String annotation, List<KeyRule> keys) {
		Set<String> groups = new HashSet<>();
		for (KeyRule key : keys) {
			if (!groups.add(key.group())) {
				throw new InvalidJobException("It has two " + annotation + " of the name '" + key.group()
						+ "': give each a group of its own");
			}
		}
	}

	private KeyRule key(String annotation, String group, String key, String name, @Nullable Class<?> payloadType) {
		String resolved = this.placeholders.apply(group);
		PayloadExpression expression = expression(annotation, this.placeholders.apply(key), payloadType);
		boolean hashed = expression != null && isSensitive(expression, payloadType);
		return new KeyRule(resolved.isEmpty() ? name : Names.job(resolved), expression, hashed);
	}

	private static @Nullable PayloadExpression expression(String annotation, String key,
			@Nullable Class<?> payloadType) {
		if (key.isEmpty()) {
			return null;
		}
		if (payloadType == null) {
			throw new InvalidJobException(
					"The key '" + key + "' of " + annotation + " needs a payload, but there is none");
		}
		if (!PayloadExpression.isIn(key)) {
			throw new InvalidJobException("The key '" + key + "' of " + annotation
					+ " is the same for every payload: write an expression, such as #{payload.accountId()}, "
					+ "or leave it out");
		}
		return PayloadExpression.parse(key);
	}

}
