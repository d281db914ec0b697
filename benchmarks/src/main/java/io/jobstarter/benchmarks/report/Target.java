package io.jobstarter.benchmarks.report;

import java.util.Locale;
import java.util.OptionalDouble;

import org.jspecify.annotations.Nullable;

/**
 * What this project has set itself: a figure, or the ratio of two, and its bound.
 *
 * @param title what it is about
 * @param figure the figure
 * @param other what it is divided by, or null for the figure alone
 * @param bound the bound
 * @param atLeast whether the value is to be at least the bound; at most otherwise
 */
record Target(String title, Term figure, @Nullable Term other, double bound, boolean atLeast) {

	static Target atLeast(String title, Term figure, @Nullable Term other, double bound) {
		return new Target(title, figure, other, bound, true);
	}

	static Target atMost(String title, Term figure, @Nullable Term other, double bound) {
		return new Target(title, figure, other, bound, false);
	}

	/**
	 * The value, of medians.
	 * @param summary the figures
	 * @return the value, empty unless all of it was measured
	 */
	OptionalDouble value(Summary summary) {
		OptionalDouble value = this.figure.value(summary);
		if (this.other == null || value.isEmpty()) {
			return value;
		}
		OptionalDouble divisor = this.other.value(summary);
		return (divisor.isPresent() && divisor.getAsDouble() != 0)
				? OptionalDouble.of(value.getAsDouble() / divisor.getAsDouble()) : OptionalDouble.empty();
	}

	/**
	 * Tells whether it is met, or by how much it is missed.
	 * @param value the value
	 * @return a few words
	 */
	String verdict(double value) {
		boolean met = this.atLeast ? value >= this.bound : value <= this.bound;
		if (met) {
			return "met";
		}
		double missing = Math.abs(value - this.bound);
		return (this.bound == 0) ? "missed by " + Numbers.format(missing)
				: String.format(Locale.ROOT, "missed by %.0f %%", Math.max(missing / this.bound * 100, 1));
	}

	String bounds() {
		return (this.atLeast ? "≥ " : "≤ ") + Numbers.format(this.bound);
	}

	/**
	 * A figure.
	 *
	 * @param engine the engine
	 * @param scenario the scenario
	 * @param measure the measure
	 */
	record Term(String engine, String scenario, String measure) {

		OptionalDouble value(Summary summary) {
			return summary.values(this.engine, this.scenario, this.measure).median();
		}

	}

}
