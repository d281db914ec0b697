package io.jobstarter.apps;

import javax.sql.DataSource;

import io.jobstarter.JobClient;
import io.jobstarter.apps.Greetings.Greet;
import org.junit.jupiter.api.Test;

import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.jdbc.DataSourceBuilder;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.r2dbc.connection.R2dbcTransactionManager;
import org.springframework.r2dbc.core.DatabaseClient;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.TransactionManager;
import org.springframework.transaction.reactive.TransactionalOperator;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * An application that reads and writes by R2DBC, and has a DataSource for its jobs.
 */
class R2dbcApplicationTests {

	private static final String JPA = "org.springframework.boot.autoconfigure.orm.jpa.HibernateJpaAutoConfiguration,"
			+ "org.springframework.boot.autoconfigure.data.jpa.JpaRepositoriesAutoConfiguration";

	private final App application = App.of(Reactive.class)
		.with("spring.autoconfigure.exclude=" + JPA,
				"spring.r2dbc.url=r2dbc:h2:mem:///reactive?options=DB_CLOSE_DELAY=-1");

	@Test
	void joinsTransactionsOfJdbcBesideReactiveOnes() {
		this.application.run((context) -> {
			assertThat(context.getBeanNamesForType(TransactionManager.class)).hasSize(2);
			Greetings.assertJoins(context, context.getBean(PlatformTransactionManager.class));
		});
	}

	@Test
	void enqueuesOnItsOwnInAReactiveTransaction() {
		this.application.run((context) -> {
			TransactionalOperator transaction = TransactionalOperator
				.create(context.getBean(R2dbcTransactionManager.class));
			context.getBean(DatabaseClient.class)
				.sql("select 1")
				.fetch()
				.one()
				.doOnNext((row) -> context.getBean(JobClient.class).enqueue(new Greet("reactive")))
				.as(transaction::transactional)
				.block();
			Greetings.awaitGreeted(context, "reactive");
		});
	}

	@Configuration(proxyBeanMethods = false)
	@Import(PlainApplication.class)
	static class Reactive {

		// Boot makes none beside a ConnectionFactory.
		@Bean
		DataSource dataSource(@Value("${spring.datasource.url}") String url) {
			return DataSourceBuilder.create().url(url).username("sa").build();
		}

	}

}
