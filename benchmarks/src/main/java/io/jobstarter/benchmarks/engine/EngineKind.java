package io.jobstarter.benchmarks.engine;

import java.util.Arrays;
import java.util.function.Function;

/**
 * The engines that are compared.
 */
public enum EngineKind {

	/** This project's engine without history. */
	JOB_STARTER("job-starter", 1, 100_000, 800, (settings) -> JobStarterEngine.open(settings, false),
			"Spring Boot application with job-starter; one queue, concurrency 100; history off; all else default"),

	/** This project's engine with history. */
	JOB_STARTER_HISTORY("job-starter+history", 1, 100_000, 800, (settings) -> JobStarterEngine.open(settings, true),
			"the same with history on, as is the default"),

	/** The least that a database can be asked for. */
	PLAIN_SQL("plain SQL", 1, 100_000, 800, PlainSqlEngine::open,
			"the limit: the same row and indexes; prepared INSERT and commit; unnest of arrays, 5,000 rows a statement; "
					+ "2 threads that claim and delete 500 at a time, run the bodies and commit"),

	/** Its own. */
	DB_SCHEDULER("db-scheduler", 1, 15_000, 800, DbSchedulerEngine::open,
			"16.12: lock-and-fetch 1.0/4.0, 20 threads, immediate execution, polling every 100 ms, JSON serializer, "
					+ "scheduleBatch in one transaction, priorities off and their index left out"),

	/** Its own. */
	JOBRUNR("JobRunr", 1, 4_000, 400, JobRunrEngine::open,
			"8.7: job requests, 20 workers, bulk enqueue by stream, Jackson, the shortest poll interval that it "
					+ "allows: 5 s"),

	/** Its own. */
	QUARTZ("Quartz", 10, 300, 80, QuartzEngine::open,
			"2.5: clustered JobStoreTX, 20 threads, batch acquisition of 20, idle wait 1 s, one durable job and a "
					+ "trigger for each run, data as properties, bulk by scheduleJobs");

	private final String title;

	private final int slowness;

	private final int warmUp;

	private final int steadyRate;

	private final Function<EngineSettings, Engine> opener;

	private final String settings;

	EngineKind(String title, int slowness, int warmUp, int steadyRate, Function<EngineSettings, Engine> opener,
			String settings) {
		this.title = title;
		this.slowness = slowness;
		this.warmUp = warmUp;
		this.steadyRate = steadyRate;
		this.opener = opener;
		this.settings = settings;
	}

	/**
	 * What it is called in the report.
	 * @return the name
	 */
	public String title() {
		return this.title;
	}

	/**
	 * By how much numbers of jobs are divided, where the whole would take minutes.
	 * @return 1 or more
	 */
	public int slowness() {
		return this.slowness;
	}

	/**
	 * How many jobs it runs before anything is measured.
	 * @return the number
	 */
	public int warmUp() {
		return this.warmUp;
	}

	/**
	 * A rate that it bears with ease.
	 * @return jobs in a second
	 */
	public int steadyRate() {
		return this.steadyRate;
	}

	/**
	 * How long it may be before it looks for jobs that nothing announces.
	 * @return milliseconds
	 */
	public int pollMillis() {
		return (this == JOBRUNR) ? 5_000 : 1_000;
	}

	/**
	 * How it is set up.
	 * @return a line for the report
	 */
	public String settings() {
		return this.settings;
	}

	/**
	 * Tells whether it is this project's.
	 * @return whether it is
	 */
	public boolean isOwn() {
		return this == JOB_STARTER || this == JOB_STARTER_HISTORY;
	}

	/**
	 * Opens it in this JVM. Its tables are made if they are not there. It does not start
	 * jobs before {@link Engine#resume()}.
	 * @param settings how
	 * @return the engine
	 */
	public Engine open(EngineSettings settings) {
		return this.opener.apply(settings);
	}

	/**
	 * Finds one by its title.
	 * @param title the title
	 * @return the engine
	 */
	public static EngineKind titled(String title) {
		return Arrays.stream(values())
			.filter((kind) -> kind.title.equals(title))
			.findFirst()
			.orElseThrow(() -> new IllegalArgumentException("No such engine: " + title));
	}

}
