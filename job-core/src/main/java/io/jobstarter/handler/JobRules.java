package io.jobstarter.handler;

import java.util.ArrayList;
import java.util.List;

import io.jobstarter.InvalidJobException;
import io.jobstarter.JobRate;
import io.jobstarter.LimitKey;
import io.jobstarter.Uniqueness;
import io.jobstarter.support.CleanText;
import io.jobstarter.support.Sha256;
import org.jspecify.annotations.Nullable;

/**
 * When, how many at once and in which order the jobs of a handler may run, as its
 * annotations say.
 *
 * @param concurrency its limits of how many jobs of a key run at the same time
 * @param order the order in which its jobs run, or {@code null} for none
 * @param rates its limits of how many jobs of a key start within a time
 * @param unique how its jobs are unique, or {@code null} if they are not
 * @param fairBy by which key its jobs share the queue, or {@code null} for none
 */
public record JobRules(List<ConcurrencyRule> concurrency, @Nullable OrderRule order, List<RateRule> rates,
		@Nullable UniqueRule unique, @Nullable FairBy fairBy) {

	/**
	 * Says nothing.
	 */
	public static final JobRules NONE = new JobRules(List.of(), null, List.of(), null, null);

	private static final int MAX_KEY = 200;

	/**
	 * Says nothing of unique keys and of shares.
	 * @param concurrency the limits
	 * @param order the order, or {@code null} for none
	 * @param rates the rates
	 */
	public JobRules(List<ConcurrencyRule> concurrency, @Nullable OrderRule order, List<RateRule> rates) {
		this(concurrency, order, rates, null, null);
	}

	/**
	 * Says nothing of rates, unique keys and shares.
	 * @param concurrency the limits
	 * @param order the order, or {@code null} for none
	 */
	public JobRules(List<ConcurrencyRule> concurrency, @Nullable OrderRule order) {
		this(concurrency, order, List.of(), null, null);
	}

	/**
	 * Says which keys a job needs.
	 * @param payload its payload, or {@code null} if it has none
	 * @return the keys, each once
	 * @throws InvalidJobException if an expression makes no key of this payload
	 */
	public List<LimitKey> keysOf(@Nullable Object payload) {
		if (this.concurrency.isEmpty() && this.order == null && this.rates.isEmpty()) {
			return List.of();
		}
		List<LimitKey> keys = new ArrayList<>();
		this.concurrency.forEach((rule) -> keys.add(rule.key().of(LimitKey.Kind.CONCURRENCY, payload)));
		if (this.order != null) {
			keys.add(this.order.key().of(this.order.kind(), payload));
		}
		this.rates.forEach((rule) -> keys.add(rule.key().of(LimitKey.Kind.RATE, payload)));
		return keys.stream().distinct().toList();
	}

	/**
	 * Says how a job is unique.
	 * @param payload its payload, or {@code null} if it has none
	 * @return how, or {@code null} if it is not
	 * @throws InvalidJobException if the expression makes no key of this payload
	 */
	public @Nullable Uniqueness uniquenessOf(@Nullable Object payload) {
		return (this.unique != null) ? this.unique.of(payload) : null;
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
	 * How many jobs of a key may start within a time.
	 *
	 * @param key makes the key
	 * @param rate the rate
	 */
	public record RateRule(KeyRule key, JobRate rate) {
	}

	/**
	 * Makes the key of a job.
	 *
	 * @param group the name of the limit
	 * @param expression what is limited apart, or {@code null} for all jobs of the group
	 * together
	 * @param hashed whether nobody is to see the key: it is stored as its hash
	 */
	public record KeyRule(String group, @Nullable PayloadExpression expression, boolean hashed) {

		/**
		 * Makes a rule of a key that may be seen.
		 * @param group the name of the limit
		 * @param expression what is limited apart
		 */
		public KeyRule(String group, @Nullable PayloadExpression expression) {
			this(group, expression, false);
		}

		LimitKey of(LimitKey.Kind kind, @Nullable Object payload) {
			return LimitKey.of(kind, this.group, storable(valueOf(payload)));
		}

		private String storable(String key) {
			boolean plain = !this.hashed && key.length() <= MAX_KEY && CleanText.isClean(key)
					&& key.codePoints().noneMatch(Character::isISOControl);
			return plain ? key : "sha256-" + Sha256.hex(key);
		}

		private String valueOf(@Nullable Object payload) {
			return (this.expression != null && payload != null) ? this.expression.evaluate(payload) : "";
		}

	}

}
