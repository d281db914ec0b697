package io.jobstarter.benchmarks.report;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * The figures as tables of Markdown that read well on a terminal, too.
 */
public final class Tables {

	private final Summary summary;

	/**
	 * Makes tables.
	 * @param summary what they show
	 */
	public Tables(Summary summary) {
		this.summary = summary;
	}

	/**
	 * A table of a scenario: a row for each engine, a column for each measure.
	 * @param scenario the scenario
	 * @return the table
	 */
	public String of(String scenario) {
		List<String> measures = this.summary.measures(scenario);
		List<List<String>> rows = new ArrayList<>();
		rows.add(row("engine", measures));
		for (String engine : this.summary.engines(scenario)) {
			rows.add(row(engine,
					measures.stream()
						.map((measure) -> Numbers.format(this.summary.values(engine, scenario, measure)))
						.toList()));
		}
		return table(rows);
	}

	private static List<String> row(String first, List<String> others) {
		List<String> row = new ArrayList<>();
		row.add(first);
		row.addAll(others);
		return row;
	}

	/**
	 * Writes rows as a table.
	 * @param rows the rows, the head first
	 * @return the table
	 */
	static String table(List<List<String>> rows) {
		StringBuilder text = new StringBuilder();
		for (int index = 0; index < rows.size(); index++) {
			text.append(line(rows.get(index), rows));
			if (index == 0) {
				text.append(rows.get(0).stream().map((cell) -> "---").collect(Collectors.joining("|", "|", "|\n")));
			}
		}
		return text.toString();
	}

	private static String line(List<String> row, List<List<String>> rows) {
		StringBuilder line = new StringBuilder("|");
		for (int column = 0; column < row.size(); column++) {
			int index = column;
			int width = rows.stream().mapToInt((other) -> other.get(index).length()).max().orElse(0);
			String cell = row.get(column);
			line.append(' ').append(cell).append(" ".repeat(width - cell.length())).append(" |");
		}
		return line.append('\n').toString();
	}

}
