package io.jobstarter.apps;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

import io.jobstarter.BackgroundJob;
import io.jobstarter.JobClient;
import io.jobstarter.JobFilter;
import io.jobstarter.JobOperations;

import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Configuration;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * The one job that every application has.
 */
@Configuration(proxyBeanMethods = false)
class Greetings {

	static final Duration PATIENCE = Duration.ofSeconds(60);

	private final List<String> greeted = new CopyOnWriteArrayList<>();

	@BackgroundJob
	void greet(Greet greet) {
		this.greeted.add(greet.name());
	}

	List<String> greeted() {
		return this.greeted;
	}

	static void awaitGreeted(ApplicationContext context, String... names) {
		await().atMost(PATIENCE).until(() -> context.getBean(Greetings.class).greeted(), List.of(names)::equals);
	}

	static void assertRunsJobs(ApplicationContext context) {
		context.getBean(JobClient.class).enqueue(new Greet("you"));
		awaitGreeted(context, "you");
	}

	/**
	 * What is rolled back goes first: if it were there, it would run first.
	 */
	static void assertJoins(ApplicationContext context, PlatformTransactionManager transactionManager) {
		TransactionTemplate transaction = new TransactionTemplate(transactionManager);
		JobClient jobs = context.getBean(JobClient.class);
		transaction.executeWithoutResult((status) -> {
			jobs.enqueue(new Greet("rolled back"));
			assertThat(waiting(context)).isOne();
			status.setRollbackOnly();
		});
		transaction.executeWithoutResult((status) -> jobs.enqueue(new Greet("committed")));
		awaitGreeted(context, "committed");
	}

	static int waiting(ApplicationContext context) {
		return (int) context.getBean(JobOperations.class)
			.find(JobFilter.ALL, null, 100)
			.items()
			.stream()
			.filter((job) -> job.finishedAt() == null)
			.count();
	}

	/**
	 * Greets.
	 *
	 * @param name whom
	 */
	record Greet(String name) {
	}

}
