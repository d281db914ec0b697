package io.jobstarter.faults.kill;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

import io.jobstarter.faults.oracle.Plan;
import io.jobstarter.faults.oracle.Plan.Batch;
import io.jobstarter.faults.oracle.PlannedJob;
import io.jobstarter.faults.oracle.PlannedJob.Placement;
import org.jspecify.annotations.Nullable;

/**
 * Makes the jobs of a scenario out of its seed.
 */
final class Planner {

	private static final int LARGEST_BATCH = 60;

	private static final int LONGEST_DELAY = 5_000;

	private final Random random;

	private final int longestBody;

	private final Map<Integer, PlannedJob> expected = new LinkedHashMap<>();

	private int next;

	private Planner(Scenario scenario) {
		this.random = new Random(scenario.seed());
		this.longestBody = Math.toIntExact(scenario.longestBody().toMillis());
	}

	static Plan plan(Scenario scenario) {
		return new Planner(scenario).plan(scenario.jobs());
	}

	private Plan plan(int jobs) {
		List<PlannedJob> enqueued = new ArrayList<>();
		while (this.next < jobs) {
			PlannedJob followUp = (this.next < jobs - 1 && chance(8)) ? job(true, null, Placement.PLAIN) : null;
			enqueued.add(job(true, followUp, placement()));
		}
		for (int i = 0; i < jobs / 4; i++) {
			enqueued.add(job(false, null, placement()));
		}
		Collections.shuffle(enqueued, this.random);
		int before = enqueued.size() * 2 / 5;
		return new Plan(batches(enqueued.subList(0, before)), batches(enqueued.subList(before, enqueued.size())),
				this.expected);
	}

	private PlannedJob job(boolean hasEffect, @Nullable PlannedJob followUp, Placement placement) {
		int failures = chance(93) ? 0 : 1 + this.random.nextInt(2);
		PlannedJob job = new PlannedJob(this.next++, hasEffect, millis(), failures, followUp, placement);
		this.expected.put(job.number(), job);
		return job;
	}

	private int millis() {
		int millis = (1 + this.random.nextInt(this.longestBody)) * (chance(1) ? 10 : 1);
		return Math.min(millis, (int) Scenario.LONGEST_BODY.toMillis());
	}

	// No lower priorities: behind a backlog of others, a job that was recovered could
	// rightly wait for any time.
	private Placement placement() {
		if (chance(40)) {
			return Placement.PLAIN;
		}
		String queue = Plan.QUEUES.get(this.random.nextInt(Plan.QUEUES.size()));
		int delay = chance(10) ? 1 + this.random.nextInt(LONGEST_DELAY) : 0;
		return new Placement(queue, chance(15) ? 5 : 0, delay, chance(5));
	}

	private List<Batch> batches(List<PlannedJob> jobs) {
		List<Batch> batches = new ArrayList<>();
		for (int from = 0; from < jobs.size();) {
			if (chance(10)) {
				batches.add(new Batch(unwanted(), true));
			}
			int to = Math.min(jobs.size(), from + 1 + this.random.nextInt(LARGEST_BATCH));
			batches.add(new Batch(List.copyOf(jobs.subList(from, to)), false));
			from = to;
		}
		return batches;
	}

	private List<PlannedJob> unwanted() {
		List<PlannedJob> jobs = new ArrayList<>();
		for (int i = this.random.nextInt(LARGEST_BATCH); i >= 0; i--) {
			jobs.add(new PlannedJob(this.next++, chance(50), 1, 0, null, placement()));
		}
		return jobs;
	}

	private boolean chance(int percent) {
		return this.random.nextInt(100) < percent;
	}

}
