package io.jobstarter.apps;

import java.util.List;

import javax.sql.DataSource;

import io.jobstarter.JobClient;
import io.jobstarter.autoconfigure.BackgroundJobDataSource;
import io.jobstarter.shop.Registration;
import io.jobstarter.shop.ShopApplication;
import io.jobstarter.shop.Welcomed;
import io.jobstarter.testdatabases.EmbeddedPostgres;
import org.junit.jupiter.api.Test;

import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.jdbc.DataSourceBuilder;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.awaitility.Awaitility.await;

/**
 * An application on JPA that has no migrations: Hibernate makes its tables, and services
 * and handlers are proxies.
 */
class JpaApplicationTests {

	private final String url = EmbeddedPostgres.shared().createDatabase();

	private final App application = App.of(ShopApplication.class)
		.onPostgres(this.url)
		.with("spring.autoconfigure.exclude=org.springframework.boot.autoconfigure.r2dbc.R2dbcAutoConfiguration",
				"spring.jpa.hibernate.ddl-auto=update");

	@Test
	void enqueuesWithTheEntityThatAServiceSaves() {
		this.application.run((context) -> {
			Registration registration = context.getBean(Registration.class);
			assertThatIllegalStateException().isThrownBy(() -> registration.registerAndFail("Bob"));
			registration.register("Ada");
			await().atMost(Greetings.PATIENCE).until(() -> customers(context), "Ada welcomed"::equals);
			assertThat(context.getBean(Welcomed.class).names()).containsExactly("Ada");
		});
	}

	@Test
	void startsWhereHibernateValidatesASchemaThatHoldsTables() {
		JdbcClient database = JdbcClient.create(new DriverManagerDataSource(this.url, "postgres", "postgres"));
		database.sql("create table customer (name varchar(255) primary key, greeting varchar(255))").update();
		this.application.with("spring.jpa.hibernate.ddl-auto=validate").run((context) -> {
			context.getBean(Registration.class).register("Ada");
			await().atMost(Greetings.PATIENCE).until(() -> customers(context), "Ada welcomed"::equals);
			assertThat(context.getBean(JobClient.class)).isNotNull();
		});
	}

	@Test
	void leavesTheTablesOfAnEmbeddedDatabaseToHibernate() {
		App.of(ShopApplication.class)
			.with("spring.autoconfigure.exclude=org.springframework.boot.autoconfigure.r2dbc.R2dbcAutoConfiguration")
			.run((context) -> {
				context.getBean(Registration.class).register("Ada");
				await().atMost(Greetings.PATIENCE)
					.until(context.getBean(Welcomed.class)::names, List.of("Ada")::equals);
			});
	}

	@Test
	void leavesItsOrderToScriptsThatRunAfterHibernate() {
		App.of(ShopApplication.class)
			.with("spring.autoconfigure.exclude=org.springframework.boot.autoconfigure.r2dbc.R2dbcAutoConfiguration",
					"spring.jpa.defer-datasource-initialization=true",
					"spring.sql.init.data-locations=classpath:shop-data.sql")
			.run((context) -> assertThat(
					context.getBean(JdbcClient.class).sql("select name from customer").query(String.class).list())
				.containsExactly("Eve"));
	}

	@Test
	void runsJobsOfADatabaseOfTheirOwnAfterTheCommitOfJpa() {
		App.of(JobsApart.class)
			.with("spring.autoconfigure.exclude=org.springframework.boot.autoconfigure.r2dbc.R2dbcAutoConfiguration",
					"jobs.url=" + App.h2())
			.run((context) -> {
				Registration registration = context.getBean(Registration.class);
				assertThatIllegalStateException().isThrownBy(() -> registration.registerAndFail("Bob"));
				registration.register("Ada");
				await().atMost(Greetings.PATIENCE)
					.until(context.getBean(Welcomed.class)::names, List.of("Ada")::equals);
			});
	}

	private static String customers(ApplicationContext context) {
		return context.getBean(JdbcClient.class)
			.sql("select coalesce(string_agg(name || ' ' || coalesce(greeting, ''), ','), '') from customer")
			.query(String.class)
			.single();
	}

	@Configuration(proxyBeanMethods = false)
	@Import(ShopApplication.class)
	static class JobsApart {

		@Bean(defaultCandidate = false)
		@BackgroundJobDataSource
		DataSource backgroundJobDataSource(@Value("${jobs.url}") String url) {
			return DataSourceBuilder.create().url(url).username("sa").build();
		}

	}

}
