package io.jobstarter.faults.keys;

import io.jobstarter.faults.Keyed;

/**
 * The types of keyed jobs.
 */
enum KeyKind {

	/** Alone. */
	ONE(Keyed.ONE, 1, false, false) {

		@Override
		Keyed payload(int number, String key, int millis, int failures) {
			return new Keyed.One(number, key, millis, failures);
		}

	},

	/** Alone, with an effect. */
	ONE_EFFECT(Keyed.ONE, 1, true, false) {

		@Override
		Keyed payload(int number, String key, int millis, int failures) {
			return new Keyed.OneEffect(number, key, millis, failures);
		}

	},

	/** Three at a time. */
	THREE(Keyed.THREE, 3, false, false) {

		@Override
		Keyed payload(int number, String key, int millis, int failures) {
			return new Keyed.Three(number, key, millis, failures);
		}

	},

	/** In order. */
	LINE(Keyed.LINE, 1, false, true) {

		@Override
		Keyed payload(int number, String key, int millis, int failures) {
			return new Keyed.Line(number, key, millis, failures);
		}

	},

	/** In order, with an effect. */
	LINE_EFFECT(Keyed.LINE, 1, true, true) {

		@Override
		Keyed payload(int number, String key, int millis, int failures) {
			return new Keyed.LineEffect(number, key, millis, failures);
		}

	};

	private final String group;

	private final int limit;

	private final boolean hasEffect;

	private final boolean inOrder;

	KeyKind(String group, int limit, boolean hasEffect, boolean inOrder) {
		this.group = group;
		this.limit = limit;
		this.hasEffect = hasEffect;
		this.inOrder = inOrder;
	}

	abstract Keyed payload(int number, String key, int millis, int failures);

	/**
	 * What its keys are shared with.
	 * @return the name of the limit or of the order
	 */
	String group() {
		return this.group;
	}

	int limit() {
		return this.limit;
	}

	boolean hasEffect() {
		return this.hasEffect;
	}

	boolean inOrder() {
		return this.inOrder;
	}

	/**
	 * Finds one by the name of its payload's type, or of its jobs.
	 * @param name as in {@code OneEffect} or {@code one-effect}
	 * @return the kind
	 */
	static KeyKind named(String name) {
		for (KeyKind kind : values()) {
			if (kind.name().replace("_", "").equalsIgnoreCase(name.replace("-", ""))) {
				return kind;
			}
		}
		throw new IllegalArgumentException("No such kind: " + name);
	}

}
