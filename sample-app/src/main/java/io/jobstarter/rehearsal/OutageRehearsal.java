package io.jobstarter.rehearsal;

import java.time.Duration;

import org.springframework.boot.DefaultApplicationArguments;
import org.springframework.boot.convert.DurationStyle;

/**
 * Rehearses an outage with and without a circuit breaker, and prints both side by side.
 * {@code --outage=60s}, {@code --open=10s}, {@code --jobs=500} and {@code --url=jdbc:…}
 * change what is rehearsed.
 */
public final class OutageRehearsal {

	private OutageRehearsal() {
	}

	/**
	 * Rehearses.
	 * @param args the options
	 */
	public static void main(String[] args) {
		DefaultApplicationArguments options = new DefaultApplicationArguments(args);
		Duration outage = DurationStyle.detectAndParse(option(options, "outage", "60s"));
		Duration open = DurationStyle.detectAndParse(option(options, "open", "10s"));
		int jobs = Integer.parseInt(option(options, "jobs", "500"));
		Outcome with = Rehearsal.run(scenario(options, jobs, outage, open), true);
		Outcome without = Rehearsal.run(scenario(options, jobs, outage, open), false);
		System.out.println(new OutageReport(with, without));
	}

	private static Scenario scenario(DefaultApplicationArguments options, int jobs, Duration outage, Duration open) {
		return new Scenario(option(options, "url", Rehearsal.ownDatabase()), jobs, outage, open,
				outage.multipliedBy(3).plusSeconds(60));
	}

	private static String option(DefaultApplicationArguments options, String name, String otherwise) {
		return options.containsOption(name) ? options.getOptionValues(name).get(0) : otherwise;
	}

}
