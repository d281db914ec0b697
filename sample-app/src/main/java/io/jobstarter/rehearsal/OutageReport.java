package io.jobstarter.rehearsal;

import java.time.Duration;
import java.util.Locale;
import java.util.function.Function;

import io.jobstarter.rehearsal.Downstream.Call;

/**
 * Two rehearsals side by side, as text.
 */
final class OutageReport {

	private static final int ROWS = 40;

	private static final int WIDTH = 36;

	private final Outcome with;

	private final Outcome without;

	/**
	 * Makes a report.
	 * @param with what happened with a circuit breaker
	 * @param without what happened without one
	 */
	OutageReport(Outcome with, Outcome without) {
		this.with = with;
		this.without = without;
	}

	@Override
	public String toString() {
		return table() + "%nCalls that reached the downstream system. It was broken until the line.%n%n".formatted()
				+ plot();
	}

	private String table() {
		return "%-44s %14s %14s%n".formatted("", "with breaker", "without") + row("jobs", (outcome) -> outcome.jobs())
				+ row("calls that reached the broken system", Outcome::callsWhileBroken)
				+ row("attempts used up without a call", Outcome::attemptsWithoutCall)
				+ row("attempts used up", Outcome::failedAttempts) + row("most claims of one job", Outcome::mostClaims)
				+ row("dead letters", Outcome::deadLetters)
				+ row("jobs out of order by at most, places", Outcome::disorder)
				+ row("all done after the outage, s", (outcome) -> outcome.drained()
						? String.format(Locale.ROOT, "%.1f", outcome.drainedAfter().toMillis() / 1e3) : "no");
	}

	private String row(String name, Function<Outcome, Object> figure) {
		return "%-44s %14s %14s%n".formatted(name, figure.apply(this.with), figure.apply(this.without));
	}

	private String plot() {
		Duration step = step();
		int[] left = this.with.callsBy(step, ROWS);
		int[] right = this.without.callsBy(step, ROWS);
		int most = Math.max(1, Math.max(max(left), max(right)));
		StringBuilder plot = new StringBuilder(line("s", "with breaker", "without"));
		long healed = this.with.outage().dividedBy(step);
		for (int row = 0; row < ROWS; row++) {
			if (row == healed) {
				plot.append("-".repeat(10 + 2 * WIDTH)).append(System.lineSeparator());
			}
			String time = String.format(Locale.ROOT, "%.1f", step.multipliedBy(row).toMillis() / 1e3);
			plot.append(line(time, bar(left[row], most), bar(right[row], most)));
		}
		return plot.toString();
	}

	private static String line(String time, String left, String right) {
		return ("%6s  %-" + WIDTH + "s  %s").formatted(time, left, right).stripTrailing() + System.lineSeparator();
	}

	private static String bar(int calls, int most) {
		int length = (int) Math.ceil((double) calls * (WIDTH - 8) / most);
		return (calls == 0) ? "" : "#".repeat(length) + " " + calls;
	}

	private Duration step() {
		Duration longest = longest(this.with).compareTo(longest(this.without)) > 0 ? longest(this.with)
				: longest(this.without);
		return longest.dividedBy(ROWS).plusMillis(1);
	}

	private static Duration longest(Outcome outcome) {
		return outcome.calls().stream().map(Call::at).max(Duration::compareTo).orElse(Duration.ofSeconds(1));
	}

	private static int max(int[] counts) {
		int max = 0;
		for (int count : counts) {
			max = Math.max(max, count);
		}
		return max;
	}

}
