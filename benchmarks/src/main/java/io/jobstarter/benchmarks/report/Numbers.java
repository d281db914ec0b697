package io.jobstarter.benchmarks.report;

import java.util.Locale;

/**
 * How numbers are written.
 */
final class Numbers {

	private Numbers() {
	}

	/**
	 * Writes a number with three digits that count, or all before the point.
	 * @param value the number
	 * @return the text
	 */
	static String format(double value) {
		double size = Math.abs(value);
		int decimals = (size >= 100) ? 0 : (size >= 10) ? 1 : 2;
		return String.format(Locale.ROOT, "%,." + decimals + "f", value);
	}

	/**
	 * Writes the median and the range.
	 * @param values the values
	 * @return the text, or n/a without values
	 */
	static String format(Summary.Values values) {
		if (values.median().isEmpty()) {
			return "n/a";
		}
		String median = format(values.median().getAsDouble());
		String range = format(values.min().orElseThrow()) + "–" + format(values.max().orElseThrow());
		return range.equals(median + "–" + median) ? median : median + " (" + range + ")";
	}

}
