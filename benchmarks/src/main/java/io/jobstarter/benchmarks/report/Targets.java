package io.jobstarter.benchmarks.report;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;

import io.jobstarter.benchmarks.report.Target.Term;

/**
 * All targets, and what became of them: without history against db-scheduler, Quartz and
 * plain SQL, with history against JobRunr, which keeps one.
 */
public final class Targets {

	private static final String OWN = "job-starter";

	private static final String WITH_HISTORY = "job-starter+history";

	private static final String LIMIT = "plain SQL";

	private static final String DB_SCHEDULER = "db-scheduler";

	private static final String JOBRUNR = "JobRunr";

	private static final String QUARTZ = "Quartz";

	private static final String RATE = "jobs/s";

	private static final String SERVER_CPU = "PostgreSQL µs/job";

	private static final String JAVA_CPU = "Java µs/job";

	private static final String KEPT = "old rows that are kept";

	private static final String DELETED = "old rows that retention deletes";

	private final Summary summary;

	/**
	 * Judges figures.
	 * @param summary the figures
	 */
	public Targets(Summary summary) {
		this.summary = summary;
	}

	/**
	 * A row for each target.
	 * @return the table
	 */
	public String table() {
		List<List<String>> rows = new ArrayList<>();
		rows.add(List.of("target", "bound", "measured", "verdict"));
		for (Target target : all()) {
			OptionalDouble value = target.value(this.summary);
			rows.add(List.of(target.title(), target.bounds(),
					value.isPresent() ? Numbers.format(value.getAsDouble()) : "n/a",
					value.isPresent() ? target.verdict(value.getAsDouble()) : "not measured"));
		}
		return Tables.table(rows);
	}

	private List<Target> all() {
		List<Target> all = new ArrayList<>();
		rates(all, "drain", 8, 20, 80, 0.5);
		rates(all, "single enqueue, 4 threads", 1.3, 2.3, 4, 0.85);
		String many = "single enqueue, 16 threads";
		all.add(Target.atLeast(many + ": with group commit / without", new Term(OWN, many + ", group commit", RATE),
				new Term(OWN, many, RATE), 1.7));
		rates(all, "bulk enqueue", 2.5, 7, 0, 0.6);
		String mixed = "sustained mixed load";
		rates(all, mixed, 2, 3, 0, 0.85);
		all.add(Target.atMost(mixed + ": p50 of the wait, ms", new Term(OWN, mixed, "wait p50 ms"), null, 3));
		waits(all, "latency when idle, same JVM", 3);
		waits(all, "latency when idle, other JVM", 6);
		all.add(Target.atMost("idle: statements/s", new Term(OWN, "idle", "statements/s"), null, 2));
		nodes(all, OWN);
		nodes(all, WITH_HISTORY);
		backlog(all);
		ratio(all, "20 queues, 5 priorities", "1 queue, 1 priority", OWN, SERVER_CPU, 1.3);
		ratio(all, "20 queues, 5 priorities", "1 queue, 1 priority", OWN, JAVA_CPU, 1.3);
		keys(all);
		snapshot(all);
		all.add(Target.atLeast(DELETED + " / " + KEPT + ": " + RATE, new Term(WITH_HISTORY, DELETED, RATE),
				new Term(WITH_HISTORY, KEPT, RATE), 0.8));
		this.summary.scenarios()
			.stream()
			.filter((scenario) -> scenario.startsWith("history of"))
			.forEach((scenario) -> ratio(all, scenario, "history nearly empty", WITH_HISTORY, SERVER_CPU, 1.1));
		return all;
	}

	private static void rates(List<Target> all, String scenario, double dbScheduler, double jobRunr, double quartz,
			double limit) {
		rate(all, scenario, OWN, DB_SCHEDULER, dbScheduler);
		rate(all, scenario, WITH_HISTORY, JOBRUNR, jobRunr);
		if (quartz > 0) {
			rate(all, scenario, OWN, QUARTZ, quartz);
		}
		rate(all, scenario, OWN, LIMIT, limit);
	}

	private static void rate(List<Target> all, String scenario, String own, String other, double bound) {
		all.add(Target.atLeast(scenario + ": " + own + " / " + other, new Term(own, scenario, RATE),
				new Term(other, scenario, RATE), bound));
	}

	private static void waits(List<Target> all, String scenario, double p50) {
		all.add(Target.atMost(scenario + ": p50, ms", new Term(OWN, scenario, "wait p50 ms"), null, p50));
		all.add(Target.atMost(scenario + ": p99, ms", new Term(OWN, scenario, "wait p99 ms"), null, 15));
	}

	private static void nodes(List<Target> all, String engine) {
		all.add(Target.atLeast("2 JVMs / 1 JVM: " + engine, new Term(engine, "drain by 2 JVMs", RATE),
				new Term(engine, "drain by 1 JVM", RATE), 1));
		all.add(Target.atMost("2 JVMs: duplicates of " + engine, new Term(engine, "drain by 2 JVMs", "duplicates"),
				null, 0));
	}

	private void backlog(List<Target> all) {
		List<String> backlogs = this.summary.scenarios()
			.stream()
			.filter((scenario) -> scenario.startsWith("backlog of"))
			.toList();
		if (backlogs.size() > 1) {
			String least = backlogs.get(0);
			String most = backlogs.get(backlogs.size() - 1);
			ratio(all, most, least, OWN, SERVER_CPU, 1.5);
			all.add(Target.atMost(least + " / " + most + ": jobs/s", new Term(OWN, least, RATE),
					new Term(OWN, most, RATE), 1.5));
		}
	}

	private static void keys(List<Target> all) {
		for (String kind : List.of("", "nothing claimed ahead: ", "bodies of 60 ms: ")) {
			for (String measure : List.of(SERVER_CPU, "PostgreSQL and Java µs/job")) {
				ratio(all, kind + "limit 1, half as many keys as jobs", kind + "no keys", OWN, measure, 2);
				ratio(all, kind + "order, half as many keys as jobs", kind + "no keys", OWN, measure, 2.6);
				ratio(all, kind + "limit 1, a tenth of the jobs on one key", kind + "no keys", OWN, measure, 6);
			}
		}
	}

	private static void ratio(List<Target> all, String scenario, String other, String engine, String measure,
			double bound) {
		all.add(Target.atMost(scenario + " / " + other + ": " + measure, new Term(engine, scenario, measure),
				new Term(engine, other, measure), bound));
	}

	private static void snapshot(List<Target> all) {
		String scenario = "old snapshot";
		all.add(Target.atLeast(scenario + ": completed/s, last 10 s / first 10 s",
				new Term(OWN, scenario, "completed/s, last 10 s"), new Term(OWN, scenario, "completed/s, first 10 s"),
				0.95));
		all.add(Target.atMost(scenario + ": PostgreSQL µs/job, last 10 s / first 10 s",
				new Term(OWN, scenario, SERVER_CPU + ", last 10 s"),
				new Term(OWN, scenario, SERVER_CPU + ", first 10 s"), 2));
	}

}
