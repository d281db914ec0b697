package io.jobstarter.faults.soak;

import java.time.Duration;
import java.util.List;
import java.util.function.UnaryOperator;

import io.jobstarter.faults.fleet.RunProperties;
import org.jspecify.annotations.Nullable;

/**
 * What a soak test does.
 *
 * @param isLong whether it takes long enough for anything to grow
 * @param seed where its jobs come from
 * @param time how long jobs are enqueued
 * @param sample from one measurement to the next
 * @param restart from one end of the node that is restarted to the next
 * @param redrive from one redrive of what has died to the next
 * @param jobs how many jobs are enqueued in a second
 */
record SoakScenario(boolean isLong, long seed, Duration time, Duration sample, Duration restart, Duration redrive,
		int jobs) {

	static final String PREFIX = "soak.";

	/**
	 * How long history and resolved dead letters are kept: rows have to go in the run.
	 */
	private static final Duration RETENTION = Duration.ofMinutes(2);

	SoakScenario {
		check(time.compareTo(sample.multipliedBy(8)) >= 0, "time", "at least eight samples");
		check(sample.toMillis() >= 100, "sample", "at least 100ms");
		check(jobs >= 4 && jobs <= 2_000, "jobs", "4 to 2000");
	}

	static SoakScenario of(UnaryOperator<@Nullable String> properties) {
		RunProperties said = new RunProperties(PREFIX, properties);
		boolean isLong = said.isLong();
		return new SoakScenario(isLong, said.seed(),
				said.duration("time", isLong ? Duration.ofHours(1) : Duration.ofSeconds(8)),
				said.duration("sample", isLong ? Duration.ofSeconds(10) : Duration.ofMillis(400)),
				said.duration("restart", isLong ? Duration.ofMinutes(4) : Duration.ofSeconds(4)),
				said.duration("redrive", isLong ? Duration.ofSeconds(30) : Duration.ofSeconds(2)),
				said.number("jobs", 60));
	}

	/**
	 * Says what the nodes have in common.
	 * @return Spring Boot's arguments
	 */
	List<String> nodeSettings() {
		return List.of("--background-jobs.history.retention=" + RETENTION.toSeconds() + "s",
				"--background-jobs.dead-letters.retention=" + RETENTION.toSeconds() + "s",
				"--background-jobs.recurring.beat.every=10s", "--background-jobs.queues.default.concurrency=8",
				"--background-jobs.queues.narrow.concurrency=2",
				"--background-jobs.queues.narrow.max-fleet-concurrency=3",
				// All connections from the beginning, so that another one is one too
				// many.
				"--spring.datasource.hikari.minimum-idle=10", "--spring.datasource.hikari.maximum-pool-size=10",
				// A line for each attempt would be most of what the nodes do.
				"--logging.level.io.jobstarter.jobs=error");
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
		return "-Dsoak.seed=%d -Dsoak.time=%dms -Dsoak.sample=%dms -Dsoak.restart=%dms -Dsoak.redrive=%dms -Dsoak.jobs=%d"
			.formatted(this.seed, this.time.toMillis(), this.sample.toMillis(), this.restart.toMillis(),
					this.redrive.toMillis(), this.jobs);
	}

}
