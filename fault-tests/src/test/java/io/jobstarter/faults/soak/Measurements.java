package io.jobstarter.faults.soak;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

import org.jspecify.annotations.Nullable;

/**
 * All that was measured in a run.
 */
final class Measurements {

	private final List<Sample> samples = new ArrayList<>();

	void add(double seconds, Map<String, Double> values) {
		this.samples.add(new Sample(seconds, Map.copyOf(values)));
	}

	int size() {
		return this.samples.size();
	}

	/**
	 * Gives one figure over time.
	 * @param name of the figure
	 * @return the curve, where it was measured
	 */
	Curve curve(String name) {
		return new Curve(name,
				this.samples.stream()
					.filter((sample) -> sample.values().containsKey(name))
					.map((sample) -> new Curve.Point(sample.seconds(), sample.values().get(name)))
					.toList());
	}

	/**
	 * Lists the figures that were ever measured.
	 * @return their names, in the order of the alphabet
	 */
	List<String> names() {
		return this.samples.stream()
			.flatMap((sample) -> sample.values().keySet().stream())
			.distinct()
			.sorted()
			.toList();
	}

	void write(Path file) throws IOException {
		Set<String> names = new LinkedHashSet<>(names());
		List<String> lines = new ArrayList<>();
		lines.add("seconds," + String.join(",", names));
		for (Sample sample : this.samples) {
			lines.add(text(sample.seconds()) + ","
					+ String.join(",", names.stream().map((name) -> text(sample.values().get(name))).toList()));
		}
		Files.write(file, lines);
	}

	private static String text(@Nullable Double value) {
		return (value != null) ? String.format(Locale.ROOT, "%.2f", value) : "";
	}

	private record Sample(double seconds, Map<String, Double> values) {
	}

}
