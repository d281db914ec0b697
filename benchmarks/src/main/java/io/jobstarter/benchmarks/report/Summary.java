package io.jobstarter.benchmarks.report;

import java.util.Arrays;
import java.util.List;
import java.util.OptionalDouble;
import java.util.stream.Stream;

/**
 * All rounds of a run summed up.
 */
public final class Summary {

	private final Run run;

	/**
	 * Sums up a run.
	 * @param run the run
	 */
	public Summary(Run run) {
		this.run = run;
	}

	/**
	 * The scenarios, in the order in which they were measured first.
	 * @return their names
	 */
	public List<String> scenarios() {
		return figures().map(Figure::scenario).distinct().toList();
	}

	/**
	 * What was measured in a scenario.
	 * @param scenario the scenario
	 * @return the measures
	 */
	public List<String> measures(String scenario) {
		return figures().filter((figure) -> figure.scenario().equals(scenario))
			.map(Figure::measure)
			.distinct()
			.toList();
	}

	/**
	 * Which engines took part in a scenario.
	 * @param scenario the scenario
	 * @return their names
	 */
	public List<String> engines(String scenario) {
		return this.run.units()
			.stream()
			.filter((unit) -> unit.figures().stream().anyMatch((figure) -> figure.scenario().equals(scenario)))
			.map(Unit::engine)
			.distinct()
			.toList();
	}

	/**
	 * What was remarked.
	 * @return the remarks, each with its engine
	 */
	public List<String> remarks() {
		return this.run.units()
			.stream()
			.flatMap((unit) -> unit.remarks()
				.stream()
				.map((remark) -> unit.engine() + ", " + unit.suite() + ", round " + unit.round() + ": " + remark))
			.toList();
	}

	/**
	 * The values of all rounds.
	 * @param engine the engine
	 * @param scenario the scenario
	 * @param measure the measure
	 * @return the values, of which there may be none
	 */
	public Values values(String engine, String scenario, String measure) {
		return new Values(this.run.units()
			.stream()
			.filter((unit) -> unit.engine().equals(engine))
			.flatMap((unit) -> unit.figures().stream())
			.filter((figure) -> figure.scenario().equals(scenario) && figure.measure().equals(measure))
			.mapToDouble(Figure::value)
			.sorted()
			.toArray());
	}

	private Stream<Figure> figures() {
		return this.run.units().stream().flatMap((unit) -> unit.figures().stream());
	}

	/**
	 * One number, measured several times.
	 */
	public static final class Values {

		private final double[] sorted;

		Values(double[] sorted) {
			this.sorted = sorted;
		}

		/**
		 * The value in the middle, or the mean of the two there.
		 * @return the median, empty without values
		 */
		public OptionalDouble median() {
			int size = this.sorted.length;
			return (size == 0) ? OptionalDouble.empty()
					: OptionalDouble.of((this.sorted[(size - 1) / 2] + this.sorted[size / 2]) / 2);
		}

		/**
		 * The lowest value.
		 * @return the minimum, empty without values
		 */
		public OptionalDouble min() {
			return Arrays.stream(this.sorted).min();
		}

		/**
		 * The highest value.
		 * @return the maximum, empty without values
		 */
		public OptionalDouble max() {
			return Arrays.stream(this.sorted).max();
		}

	}

}
