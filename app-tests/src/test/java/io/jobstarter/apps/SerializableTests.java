package io.jobstarter.apps;

import java.util.List;
import java.util.stream.IntStream;

import io.jobstarter.BackgroundJob;
import io.jobstarter.JobClient;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.PlatformTransactionManager;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Applications whose every transaction is SERIALIZABLE.
 */
class SerializableTests {

	private static final int JOBS = 12;

	@ParameterizedTest
	@ValueSource(strings = { "spring.datasource.hikari.transaction-isolation=TRANSACTION_SERIALIZABLE",
			"spring.datasource.tomcat.default-transaction-isolation=8" })
	void runsTransactionalJobsThatMeetExactlyOnceWithoutAnAttemptUsedUp(String isolation) {
		App application = App.of(Counting.class).onPostgres().with(isolation);
		if (isolation.contains("tomcat")) {
			application = application.with("spring.datasource.type=org.apache.tomcat.jdbc.pool.DataSource");
		}
		application.run((context) -> {
			JdbcClient database = context.getBean(JdbcClient.class);
			assertThat(database.sql("show transaction_isolation").query(String.class).single())
				.isEqualTo("serializable");
			database.sql("create table counter (n int)").update();
			database.sql("insert into counter values (0)").update();
			List<Count> jobs = IntStream.range(0, JOBS).mapToObj((i) -> new Count()).toList();
			context.getBean(JobClient.class).enqueueAll(jobs);
			await().atMost(Greetings.PATIENCE).until(() -> Greetings.waiting(context), (left) -> left == 0);
			assertThat(database.sql("select n from counter").query(Integer.class).single()).isEqualTo(JOBS);
			assertThat(database.sql("select count(*) from background_job_failure").query(Long.class).single()).isZero();
			Greetings.assertJoins(context, context.getBean(PlatformTransactionManager.class));
		});
	}

	record Count() {
	}

	@Configuration(proxyBeanMethods = false)
	@Import(PlainApplication.class)
	static class Counting {

		@Bean
		Counter counter(JdbcClient database) {
			return new Counter(database);
		}

	}

	static class Counter {

		private final JdbcClient database;

		Counter(JdbcClient database) {
			this.database = database;
		}

		@BackgroundJob(transactional = true)
		void count(Count count) {
			this.database.sql("update counter set n = n + 1").update();
		}

	}

}
