package io.jobstarter.handler;

import java.lang.reflect.AnnotatedElement;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.function.UnaryOperator;

import io.jobstarter.InvalidJobException;
import io.jobstarter.Unique;
import io.jobstarter.UniqueConflict;
import io.jobstarter.UniqueUntil;
import io.jobstarter.Uniqueness;
import io.jobstarter.support.Durations;
import org.jspecify.annotations.Nullable;

import org.springframework.core.annotation.AnnotatedElementUtils;

/**
 * How the jobs of a handler are unique.
 *
 * @param expression makes the key, or {@code null} for the whole payload
 * @param uniqueness the rest
 */
public record UniqueRule(@Nullable PayloadExpression expression, Uniqueness uniqueness) {

	private static final int LONGEST_KEY = 1_000;

	/**
	 * Reads a declaration. Each setting of the configuration goes before the
	 * annotation's, and is enough without one.
	 * @param declaredOn where annotations may stand
	 * @param configured what the configuration says
	 * @param placeholders resolves placeholders
	 * @param payloadType what the handler takes, or {@code null} for nothing
	 * @return the rule, or {@code null} if the jobs are not unique
	 * @throws InvalidJobException if it makes no sense
	 */
	static @Nullable UniqueRule of(List<? extends AnnotatedElement> declaredOn, UniqueOverrides configured,
			UnaryOperator<String> placeholders, @Nullable Class<?> payloadType) {
		List<Unique> annotations = declaredOn.stream()
			.map((element) -> AnnotatedElementUtils.findMergedAnnotation(element, Unique.class))
			.filter(Objects::nonNull)
			.distinct()
			.toList();
		if (annotations.size() > 1) {
			throw new InvalidJobException("It has two @Unique: keep one");
		}
		boolean enabled = (configured.enabled() != null) ? configured.enabled()
				: !annotations.isEmpty() || !configured.equals(UniqueOverrides.NONE);
		return enabled ? new Declared(annotations.isEmpty() ? null : annotations.get(0), configured, placeholders)
			.rule(payloadType) : null;
	}

	/**
	 * Says how one job is unique.
	 * @param payload its payload, or {@code null} if it has none
	 * @return how
	 * @throws InvalidJobException if the expression makes no key of this payload
	 */
	Uniqueness of(@Nullable Object payload) {
		if (this.expression == null || payload == null) {
			return this.uniqueness;
		}
		String key = this.expression.evaluate(payload);
		if (key.isEmpty() || key.length() > LONGEST_KEY) {
			throw new InvalidJobException("the expression " + this.expression
					+ " made no unique key of this payload: one has 1 to 1000 characters");
		}
		return new Uniqueness(key, this.uniqueness.until(), this.uniqueness.ttl(), this.uniqueness.onConflict(),
				this.uniqueness.within(), this.uniqueness.maxDelay());
	}

	/**
	 * What annotation and configuration say.
	 *
	 * @param annotation the annotation, if there is one
	 * @param configured the configuration
	 * @param placeholders resolves placeholders
	 */
	private record Declared(@Nullable Unique annotation, UniqueOverrides configured,
			UnaryOperator<String> placeholders) {

		UniqueRule rule(@Nullable Class<?> payloadType) {
			UniqueUntil until = (this.configured.until() != null) ? this.configured.until()
					: (this.annotation != null) ? this.annotation.until() : UniqueUntil.STARTED;
			UniqueConflict onConflict = (this.configured.onConflict() != null) ? this.configured.onConflict()
					: (this.annotation != null) ? this.annotation.onConflict() : UniqueConflict.KEEP_EXISTING;
			Uniqueness uniqueness = new Uniqueness(null, until, ttl(), onConflict, null, null);
			Duration within = within();
			Duration maxDelay = maxDelay();
			if (within == null && maxDelay != null) {
				throw new InvalidJobException("There is a maxDelay, but no within");
			}
			if (within != null) {
				uniqueness = (maxDelay != null) ? uniqueness.within(within, maxDelay) : uniqueness.within(within);
			}
			return new UniqueRule(expression(payloadType), uniqueness);
		}

		private @Nullable Duration ttl() {
			return duration(this.configured.ttl(), (this.annotation != null) ? this.annotation.ttl() : "");
		}

		private @Nullable Duration within() {
			return duration(this.configured.within(), (this.annotation != null) ? this.annotation.within() : "");
		}

		private @Nullable Duration maxDelay() {
			return duration(this.configured.maxDelay(), (this.annotation != null) ? this.annotation.maxDelay() : "");
		}

		private @Nullable Duration duration(@Nullable Duration set, String declared) {
			String resolved = this.placeholders.apply(declared);
			return (set != null) ? set : resolved.isEmpty() ? null : Durations.parse(resolved);
		}

		private @Nullable PayloadExpression expression(@Nullable Class<?> payloadType) {
			String key = (this.configured.key() != null) ? this.configured.key()
					: this.placeholders.apply((this.annotation != null) ? this.annotation.key() : "");
			if (key.isEmpty()) {
				return null;
			}
			if (payloadType == null) {
				throw new InvalidJobException("The unique key '" + key + "' needs a payload, but there is none");
			}
			if (!PayloadExpression.isIn(key)) {
				throw new InvalidJobException("The unique key '" + key + "' is the same for every payload: write an "
						+ "expression, such as #{payload.accountId()}, or leave it out for the whole payload");
			}
			return PayloadExpression.parse(key);
		}

	}

}
