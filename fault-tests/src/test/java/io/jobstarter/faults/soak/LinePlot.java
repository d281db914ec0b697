package io.jobstarter.faults.soak;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/**
 * Draws curves as an SVG file that people can read and diff: whole numbers, few elements.
 *
 * @param title what is shown, and in which unit
 * @param curves the curves
 */
record LinePlot(String title, List<Curve> curves) {

	private static final int WIDTH = 720;

	private static final int HEIGHT = 240;

	private static final int LEFT = 60;

	private static final int RIGHT = 700;

	private static final int TOP = 40;

	private static final int BOTTOM = 200;

	private static final int STEPS = 4;

	/** Beyond that a curve is a gap wide: the node was not there. */
	private static final double GAP = 3.5;

	private static final List<String> COLORS = List.of("#1f77b4", "#d95f02", "#2ca02c", "#9467bd", "#8c564b",
			"#7f7f7f");

	void write(Path file) throws IOException {
		Files.writeString(file, svg());
	}

	String svg() {
		double end = this.curves.stream()
			.flatMap((curve) -> curve.points().stream())
			.mapToDouble(Curve.Point::seconds)
			.max()
			.orElse(1);
		double top = roundUp(this.curves.stream().mapToDouble(Curve::max).max().orElse(1));
		StringBuilder svg = new StringBuilder();
		svg.append("<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" font-family=\"sans-serif\" "
			.formatted(WIDTH, HEIGHT))
			.append("font-size=\"12\">\n<rect width=\"100%\" height=\"100%\" fill=\"white\"/>\n");
		svg.append("<text x=\"%d\" y=\"16\" font-size=\"14\">%s</text>%n".formatted(LEFT, escape(this.title)));
		axes(svg, end, top);
		for (int i = 0; i < this.curves.size(); i++) {
			draw(svg, this.curves.get(i), i, end, top);
		}
		return svg.append("</svg>\n").toString();
	}

	private static void axes(StringBuilder svg, double end, double top) {
		boolean inMinutes = end >= 300;
		for (int step = 0; step <= STEPS; step++) {
			int y = BOTTOM - step * (BOTTOM - TOP) / STEPS;
			svg.append("<path d=\"M%d %dH%d\" stroke=\"#ddd\"/>".formatted(LEFT, y, RIGHT));
			svg.append(label(LEFT - 6, y + 4, "end", top * step / STEPS)).append('\n');
			int x = LEFT + step * (RIGHT - LEFT) / STEPS;
			svg.append(label(x, BOTTOM + 16, "middle", end * step / STEPS / (inMinutes ? 60 : 1))).append('\n');
		}
		svg.append("<text x=\"%d\" y=\"%d\" text-anchor=\"end\">%s</text>%n".formatted(RIGHT, HEIGHT - 8,
				inMinutes ? "minutes" : "seconds"));
	}

	private static String label(int x, int y, String anchor, double value) {
		String text = (value == Math.rint(value)) ? String.format(Locale.ROOT, "%.0f", value)
				: String.format(Locale.ROOT, (value < 10) ? "%.2f" : "%.1f", value);
		return "<text x=\"%d\" y=\"%d\" text-anchor=\"%s\">%s</text>".formatted(x, y, anchor, text);
	}

	private static void draw(StringBuilder svg, Curve curve, int index, double end, double top) {
		String color = COLORS.get(index % COLORS.size());
		List<Curve.Point> points = curve.points();
		double usual = (points.size() > 1) ? end / points.size() : end;
		StringBuilder path = new StringBuilder();
		double last = Double.NEGATIVE_INFINITY;
		for (Curve.Point point : points) {
			long x = Math.round(LEFT + point.seconds() / end * (RIGHT - LEFT));
			long y = Math.round(BOTTOM - Math.max(0, point.value()) / top * (BOTTOM - TOP));
			path.append((point.seconds() - last > GAP * usual) ? 'M' : 'L').append(x).append(' ').append(y);
			last = point.seconds();
		}
		svg.append("<path d=\"%s\" fill=\"none\" stroke=\"%s\"/>%n".formatted(path, color));
		svg.append("<text x=\"%d\" y=\"34\" fill=\"%s\">%s</text>%n".formatted(LEFT + index * 130, color,
				escape(curve.name())));
	}

	/**
	 * Rounds up to a number that four steps lead to.
	 * @param value the largest value
	 * @return a number at least as large
	 */
	static double roundUp(double value) {
		if (value <= 0) {
			return 1;
		}
		double unit = Math.pow(10, Math.floor(Math.log10(value)));
		for (double factor : new double[] { 1, 1.2, 1.6, 2, 2.4, 3.2, 4, 6, 8 }) {
			if (value <= factor * unit) {
				return factor * unit;
			}
		}
		return 10 * unit;
	}

	private static String escape(String text) {
		return text.replace("&", "&amp;").replace("<", "&lt;");
	}

}
