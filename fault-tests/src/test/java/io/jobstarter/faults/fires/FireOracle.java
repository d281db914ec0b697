package io.jobstarter.faults.fires;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

import io.jobstarter.faults.fires.FireFacts.Fire;
import io.jobstarter.faults.fires.FireFacts.Tick;
import io.jobstarter.faults.fleet.Strike;
import io.jobstarter.faults.fleet.Strike.Kind;
import io.jobstarter.faults.oracle.Timeline;

/**
 * Judges a fire test: each instant of the schedule fired, once, soon enough, and its job
 * ran to its end.
 */
final class FireOracle {

	private final FireFacts facts;

	private final List<String> violations = new ArrayList<>();

	FireOracle(FireFacts facts) {
		this.facts = facts;
	}

	/**
	 * Judges.
	 * @return what is wrong, a sentence each
	 */
	List<String> violations() {
		this.violations.clear();
		checkInstants();
		this.facts.fires().forEach(this::checkFire);
		checkThatEachHasOneJob();
		startsByJob().forEach(this::checkStarts);
		this.violations.addAll(this.facts.broken());
		return List.copyOf(this.violations);
	}

	/**
	 * Sums the run up.
	 * @return one line
	 */
	String summary() {
		long kills = this.facts.strikes().stream().filter((strike) -> strike.kind() == Kind.KILL).count();
		return "%d distinct fires of %s, %d bodies; %d kills and %d freezes; the latest fire was %s late".formatted(
				this.facts.fires().stream().map(Fire::at).distinct().count(), this.facts.every(),
				this.facts.ticks().size(), kills, this.facts.strikes().size() - kills, Timeline.seconds(latest()));
	}

	private Duration latest() {
		return this.facts.fires().stream().map(Fire::lateness).max(Comparator.naturalOrder()).orElse(Duration.ZERO);
	}

	private void checkInstants() {
		List<Instant> instants = this.facts.fires().stream().map(Fire::at).toList();
		for (int i = 1; i < instants.size(); i++) {
			Instant expected = instants.get(i - 1).plus(this.facts.every());
			if (!instants.get(i).equals(expected)) {
				this.violations
					.add("after " + instants.get(i - 1) + " it fired at " + instants.get(i) + ", not at " + expected);
			}
		}
	}

	private void checkFire(Fire fire) {
		if (fire.lateness().compareTo(FireScenario.LIMIT) > 0) {
			this.violations.add("the fire of " + fire.at() + " was " + Timeline.seconds(fire.lateness()) + " late");
		}
		if (fire.lateness().isNegative()) {
			this.violations.add("the fire of " + fire.at() + " was noted before, at " + fire.notedAt());
		}
		if (!this.facts.succeeded().contains(fire.jobId())) {
			this.violations.add("job " + fire.jobId() + " of the fire of " + fire.at() + " has not succeeded");
		}
	}

	private void checkThatEachHasOneJob() {
		TreeMap<Instant, Set<Long>> jobs = new TreeMap<>();
		this.facts.fires().forEach((fire) -> jobsOf(fire.at(), jobs).add(fire.jobId()));
		this.facts.ticks().forEach((tick) -> jobsOf(tick.fire(), jobs).add(tick.jobId()));
		jobs.forEach((fire, ids) -> {
			if (ids.size() > 1) {
				this.violations.add("the fire of " + fire + " has the jobs " + ids);
			}
		});
		Set<Long> unexpected = new HashSet<>(this.facts.succeeded());
		this.facts.fires().forEach((fire) -> unexpected.remove(fire.jobId()));
		unexpected.forEach((id) -> this.violations.add("job " + id + " belongs to no fire"));
	}

	private static Set<Long> jobsOf(Instant fire, TreeMap<Instant, Set<Long>> jobs) {
		return jobs.computeIfAbsent(fire, (absent) -> new HashSet<>());
	}

	private TreeMap<Long, List<Tick>> startsByJob() {
		return this.facts.ticks()
			.stream()
			.collect(Collectors.groupingBy(Tick::jobId, TreeMap::new, Collectors.toList()));
	}

	// A node that was struck may have started it, and not have said that it is over.
	private void checkStarts(long job, List<Tick> starts) {
		Set<Long> struck = this.facts.strikes().stream().map(Strike::pid).collect(Collectors.toSet());
		long explained = starts.stream().map(Tick::pid).distinct().filter(struck::contains).count();
		if (starts.size() > 1 + explained) {
			this.violations.add("job " + job + " started " + starts.size() + " times, and " + explained
					+ " nodes that were struck had started it");
		}
	}

}
