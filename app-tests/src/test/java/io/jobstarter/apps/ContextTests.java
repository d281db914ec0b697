package io.jobstarter.apps;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

import io.jobstarter.JobClient;
import io.jobstarter.apps.Greetings.Greet;
import io.jobstarter.worker.JobWorker;
import org.junit.jupiter.api.Test;

import org.springframework.context.ApplicationContext;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.jdbc.core.simple.JdbcClient;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Application contexts that start in unusual ways.
 */
class ContextTests {

	private static final int JOBS = 40;

	private final App application = App.of(PlainApplication.class);

	@Test
	void twoInOneProcessShareTheJobsOfOneDatabase() {
		App shared = this.application.onPostgres();
		try (ConfigurableApplicationContext one = shared.start()) {
			try (ConfigurableApplicationContext another = shared.start()) {
				List<Greet> jobs = IntStream.range(0, JOBS).mapToObj((i) -> new Greet("n" + i)).toList();
				one.getBean(JobClient.class).enqueueAll(jobs);
				await().atMost(Greetings.PATIENCE).until(() -> greeted(one, another).size(), (size) -> size >= JOBS);
				assertThat(greeted(one, another)).hasSize(JOBS).doesNotHaveDuplicates();
			}
			one.getBean(Greetings.class).greeted().clear();
			Greetings.assertRunsJobs(one);
		}
	}

	@Test
	void twoInOneProcessKeepTheirDatabasesApart() {
		try (ConfigurableApplicationContext one = this.application.start();
				ConfigurableApplicationContext another = App.of(PlainApplication.class).start()) {
			Greetings.assertRunsJobs(one);
			assertThat(another.getBean(Greetings.class).greeted()).isEmpty();
			Greetings.assertRunsJobs(another);
		}
	}

	@Test
	void theWorkerStartsThoughBeansAreLazy() {
		App first = this.application.with("background-jobs.worker.enabled=false");
		first.run((context) -> context.getBean(JobClient.class).enqueue(new Greet("waiting")));
		this.application.with("spring.main.lazy-initialization=true").run((context) -> {
			assertThat(context.getBeanFactory().containsSingleton("backgroundJobWorker")).isTrue();
			assertThat(context.getBean(JobWorker.class).isRunning()).isTrue();
			Greetings.awaitGreeted(context, "waiting");
		});
	}

	@Test
	void theTablesAreThereThoughBeansAreLazyAndThereIsNoWorker() {
		this.application.with("spring.main.lazy-initialization=true", "background-jobs.worker.enabled=false")
			.run((context) -> assertThat(context.getBean(JdbcClient.class)
				.sql("select count(*) from background_job_job")
				.query(Long.class)
				.single()).isZero());
	}

	private static List<String> greeted(ApplicationContext one, ApplicationContext another) {
		List<String> all = new ArrayList<>(one.getBean(Greetings.class).greeted());
		all.addAll(another.getBean(Greetings.class).greeted());
		return all;
	}

}
