package io.jobstarter.faults.soak;

import java.util.List;

/**
 * One figure over the time of a run.
 *
 * @param name what was measured
 * @param points the measurements, in their order
 */
record Curve(String name, List<Point> points) {

	Curve {
		points = List.copyOf(points);
	}

	/**
	 * Tells the median of a part.
	 * @param from where the part begins, as a share of the time, inclusive
	 * @param to where it ends, exclusive
	 * @return the median, {@code NaN} if nothing was measured there
	 */
	double median(double from, double to) {
		double end = this.points.isEmpty() ? 0 : this.points.get(this.points.size() - 1).seconds();
		double[] values = this.points.stream()
			.filter((point) -> point.seconds() >= from * end && (point.seconds() < to * end || to >= 1))
			.mapToDouble(Point::value)
			.sorted()
			.toArray();
		int middle = values.length / 2;
		if (values.length == 0) {
			return Double.NaN;
		}
		return (values.length % 2 == 1) ? values[middle] : (values[middle - 1] + values[middle]) / 2;
	}

	double max() {
		return this.points.stream().mapToDouble(Point::value).max().orElse(0);
	}

	/**
	 * A measurement.
	 *
	 * @param seconds when, since the beginning
	 * @param value what
	 */
	record Point(double seconds, double value) {
	}

}
