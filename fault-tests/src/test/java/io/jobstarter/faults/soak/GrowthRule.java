package io.jobstarter.faults.soak;

import java.util.Locale;

/**
 * Says whether a figure grows. The first sixth of the run does not count: caches fill and
 * the first rows come of age. Of what remains the median of the second half may be above
 * that of the first by a share and by an amount. A leak moves the medians apart by half
 * of what it adds up to, whatever garbage, batches and vacuums make of single
 * measurements.
 *
 * @param share by which share it may be above
 * @param amount by how much more
 */
record GrowthRule(double share, double amount) {

	private static final double WARM = 1 / 6.0;

	private static final double MIDDLE = (1 + WARM) / 2;

	Verdict judge(Curve curve) {
		double first = curve.median(WARM, MIDDLE);
		double second = curve.median(MIDDLE, 1);
		// Not the other way round: what was not measured has not been shown either.
		boolean holds = second <= first * (1 + this.share) + this.amount;
		return new Verdict(curve.name(), first, second, !holds);
	}

	/**
	 * What came of it.
	 *
	 * @param name of the figure
	 * @param first the median of the first half
	 * @param second that of the second
	 * @param grows whether it grows
	 */
	record Verdict(String name, double first, double second, boolean grows) {

		boolean isMissing() {
			return Double.isNaN(this.first) || Double.isNaN(this.second);
		}

		@Override
		public String toString() {
			return String.format(Locale.ROOT, "%-32s %10.2f -> %10.2f%s", this.name, this.first, this.second,
					this.grows ? "  GROWS" : "");
		}

	}

}
