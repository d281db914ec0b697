package io.jobstarter.handler;

import java.util.ArrayList;
import java.util.List;

import io.jobstarter.InvalidJobException;
import io.jobstarter.support.LimitKey;
import org.jspecify.annotations.Nullable;

/**
 * When, how many at once and in which order the jobs of a handler may run, as its
 * annotations say.
 *
 * @param concurrency its limits of how many jobs of a key run at the same time
 * @param order the order in which its jobs run, or {@code null} for none
 * @param fairBy by which key its jobs share the queue, or {@code null} for none
 */
public record JobRules(List<ConcurrencyRule> concurrency, @Nullable OrderRule order, @Nullable FairBy fairBy) {

	/**
	 * Says nothing.
	 */
	public static final JobRules NONE = new JobRules(List.of(), null, null);

	/**
	 * Says which keys a job needs.
	 * @param payload its payload, or {@code null} if it has none
	 * @return the keys, each once
	 * @throws InvalidJobException if an expression makes no key of this payload
	 */
	public List<LimitKey> keysOf(@Nullable Object payload) {
		if (this.concurrency.isEmpty() && this.order == null) {
			return List.of();
		}
		List<LimitKey> keys = new ArrayList<>();
		this.concurrency.forEach((rule) -> keys.add(rule.key().of(LimitKey.Kind.CONCURRENCY, payload)));
		if (this.order != null) {
			keys.add(this.order.key().of(this.order.kind(), payload));
		}
		return keys.stream().distinct().toList();
	}

	/**
	 * How many jobs of a key may run at the same time.
	 *
	 * @param key makes the key
	 * @param to the limit
	 */
	public record ConcurrencyRule(KeyRule key, int to) {
	}

	/**
	 * In which order the jobs of a key run.
	 *
	 * @param key makes the key
	 * @param kind what becomes of the others after a failure
	 */
	public record OrderRule(KeyRule key, LimitKey.Kind kind) {
	}

	/**
	 * Makes the key of a job.
	 *
	 * @param group the name of the limit
	 * @param expression what is limited apart, or {@code null} for all jobs of the group
	 * together
	 */
	public record KeyRule(String group, @Nullable PayloadExpression expression) {

		LimitKey of(LimitKey.Kind kind, @Nullable Object payload) {
			return LimitKey.of(kind, this.group, valueOf(payload));
		}

		private String valueOf(@Nullable Object payload) {
			return (this.expression != null && payload != null) ? this.expression.evaluate(payload) : "";
		}

	}

}
