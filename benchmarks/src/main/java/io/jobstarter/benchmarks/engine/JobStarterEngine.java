package io.jobstarter.benchmarks.engine;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import io.jobstarter.JobClient;
import io.jobstarter.JobOperations;
import io.jobstarter.RecurringRequest;

import org.springframework.boot.Banner;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * This project's engine, as an application gets it.
 */
public final class JobStarterEngine implements Engine {

	static final String QUEUE = "bench";

	static final String TENANTS = "tenants";

	/** How many jobs run at the same time. */
	private static final int CONCURRENCY = Integer.getInteger("benchmark.concurrency", 100);

	private static final String POSTPONE = """
			update background_job_job set state = 1, due_at = clock_timestamp() + ? * interval '1 second'
			where id > ?
			""";

	private static final String NEWEST = "select coalesce(max(id), 0) from background_job_job";

	private static final String PENDING = "select count(*) from (select 1 from background_job_job where state = 0 limit 1) j";

	private final ConfigurableApplicationContext context;

	private final JobClient client;

	private final JobOperations operations;

	private final JdbcTemplate jdbc;

	private final int queues;

	private JobStarterEngine(ConfigurableApplicationContext context, int queues) {
		this.context = context;
		this.client = context.getBean(JobClient.class);
		this.operations = context.getBean(JobOperations.class);
		this.jdbc = context.getBean(JdbcTemplate.class);
		this.queues = queues;
	}

	static JobStarterEngine open(EngineSettings settings, boolean history) {
		Map<String, Object> properties = new HashMap<>();
		properties.put("spring.datasource.url", settings.url());
		properties.put("spring.datasource.username", settings.user());
		properties.put("spring.datasource.password", settings.password());
		properties.put("spring.datasource.hikari.maximum-pool-size", settings.pool());
		properties.put("background-jobs.history.enabled", history);
		properties.put("background-jobs.worker.enabled", settings.workers());
		properties.put("background-jobs.worker.concurrency", CONCURRENCY);
		if (!settings.property().isEmpty()) {
			String[] parts = settings.property().split("=", 2);
			properties.put(parts[0], parts[1]);
		}
		for (int index = 0; index < settings.queues(); index++) {
			properties.put("background-jobs.queues." + queue(index) + ".concurrency", CONCURRENCY);
		}
		ConfigurableApplicationContext context = new SpringApplicationBuilder(JobStarterApplication.class)
			.web(WebApplicationType.NONE)
			.bannerMode(Banner.Mode.OFF)
			.properties(properties)
			.run();
		return new JobStarterEngine(context, settings.queues());
	}

	private static String queue(int index) {
		return (index == 0) ? QUEUE : QUEUE + index;
	}

	@Override
	public void enqueue(Work work) {
		this.client.enqueue(work);
	}

	@Override
	public void enqueueAll(List<Work> work) {
		this.client.enqueueAll(work);
	}

	/**
	 * Enqueues jobs over all queues and some priorities in one transaction.
	 * @param work the jobs
	 * @param priorities how many priorities
	 */
	public void spread(List<Work> work, int priorities) {
		new TransactionTemplate(this.context.getBean(PlatformTransactionManager.class))
			.executeWithoutResult((status) -> work.forEach((each) -> this.client.job(each)
				.queue(queue(each.number() % this.queues))
				.priority(each.number() / this.queues % priorities)
				.enqueue()));
	}

	/**
	 * Enqueues jobs with keys.
	 * @param rule what the keys are good for: {@code none}, {@code limit} or
	 * {@code order}
	 * @param work the jobs
	 * @param keys how many keys they are spread over
	 * @param hot whether every tenth has one key that they share; its body does nothing
	 * @param millis how long the other bodies take
	 */
	public void enqueueKeyed(String rule, List<Work> work, int keys, boolean hot, int millis) {
		this.client.enqueueAll(work.stream().map((each) -> {
			boolean shared = hot && each.number() % 10 == 0;
			return KeyedWork.of(rule, each, shared ? "hot" : "key-" + each.number() % keys, shared ? 0 : millis);
		}).toList());
	}

	/**
	 * Makes recurring jobs, or changes them.
	 * @param count how many
	 * @param schedule when they fire
	 */
	public void recur(int count, String schedule) {
		for (int index = 0; index < count; index++) {
			this.operations.recurring()
				.put(RecurringRequest.of("recurring-" + index, schedule, Work.now(Integer.MAX_VALUE)));
		}
	}

	/**
	 * Enqueues jobs of a tenant in the queue that all tenants share.
	 * @param tenant the tenant
	 * @param millis how long each job takes
	 * @param work the jobs
	 */
	public void enqueueFor(String tenant, int millis, List<Work> work) {
		this.client.enqueueAll(work.stream().map((each) -> new TenantWork(each, tenant, millis)).toList());
	}

	@Override
	public void schedule(List<Work> work, Duration delay) {
		Long before = this.jdbc.queryForObject(NEWEST, Long.class);
		enqueueAll(work);
		// Its own way takes a statement for each; nobody else is there meanwhile.
		this.jdbc.update(POSTPONE, delay.toSeconds(), before);
	}

	@Override
	public void pause() {
		for (int index = 0; index < this.queues; index++) {
			this.operations.pause(queue(index), "until the jobs are there");
		}
	}

	@Override
	public void resume() {
		for (int index = 0; index < this.queues; index++) {
			this.operations.resume(queue(index));
		}
	}

	@Override
	public boolean hasPending() {
		Integer found = this.jdbc.queryForObject(PENDING, Integer.class);
		return found != null && found > 0;
	}

	@Override
	public void close() {
		this.context.close();
	}

}
