package io.jobstarter.faults.fires;

import java.time.Duration;
import java.util.function.UnaryOperator;

import io.jobstarter.faults.fleet.RunProperties;
import org.jspecify.annotations.Nullable;

/**
 * What a fire test does. By default the nodes are ended at each fire in the long form,
 * and half of them only stopped for a while in the short one.
 *
 * @param seed decides all that is left to chance
 * @param every the schedule's interval
 * @param fires how many fires there are
 * @param nodes how many nodes there are at a time
 * @param freezes how many strikes of a hundred stop a node for a while
 */
record FireScenario(long seed, Duration every, int fires, int nodes, int freezes) {

	static final String PREFIX = "fire.";

	/** How late a fire may be while another node lives. */
	static final Duration LIMIT = Duration.ofSeconds(5);

	FireScenario {
		check(every.toSeconds() >= 1 && every.toSeconds() <= 59, "every", "1s to 59s");
		check(fires >= 1, "fires", "at least 1");
		check(nodes >= 2 && nodes <= 8, "nodes", "2 to 8: one has to be there while another is down");
		check(freezes >= 0 && freezes <= 100, "freezes", "0 to 100");
	}

	static FireScenario of(UnaryOperator<@Nullable String> properties) {
		RunProperties said = new RunProperties(PREFIX, properties);
		boolean isLong = said.isLong();
		return new FireScenario(said.seed(), said.duration("every", Duration.ofSeconds(isLong ? 5 : 1)),
				said.number("fires", isLong ? 60 : 12), said.number("nodes", isLong ? 3 : 2),
				said.number("freezes", isLong ? 0 : 50));
	}

	/**
	 * Says when it fires.
	 * @return the schedule
	 */
	String schedule() {
		return "every " + this.every.toSeconds() + " seconds";
	}

	private static void check(boolean valid, String name, String range) {
		if (!valid) {
			throw new IllegalArgumentException("-D" + PREFIX + name + " has to be " + range);
		}
	}

	/**
	 * Writes it down so that it can be run again.
	 * @return the properties that make it
	 */
	@Override
	public String toString() {
		return "-Dfire.seed=%d -Dfire.every=%ds -Dfire.fires=%d -Dfire.nodes=%d -Dfire.freezes=%d".formatted(this.seed,
				this.every.toSeconds(), this.fires, this.nodes, this.freezes);
	}

}
