package io.jobstarter.autoconfigure;

import java.time.Duration;
import java.util.List;

import javax.sql.DataSource;

import io.jobstarter.JobClient;
import io.jobstarter.JobFilter;
import io.jobstarter.JobId;
import io.jobstarter.JobInfo;
import io.jobstarter.JobOperations;
import io.jobstarter.JobState;
import io.jobstarter.ReadOnlyTransactionException;
import io.jobstarter.autoconfigure.Greetings.Greet;
import io.jobstarter.autoconfigure.person.Customer;
import jakarta.persistence.EntityManager;
import jakarta.persistence.EntityManagerFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.domain.EntityScan;
import org.springframework.boot.autoconfigure.orm.jpa.HibernateJpaAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.orm.jpa.JpaTransactionManager;
import org.springframework.orm.jpa.SharedEntityManagerCreator;
import org.springframework.test.jdbc.JdbcTestUtils;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

/**
 * Tests that an enqueue is part of the application's transaction, whoever manages it.
 */
class EnqueueTransactionTests {

	@ParameterizedTest
	@EnumSource
	void runsWhatWasEnqueuedWithAnEntityThatWasSaved(Application application) {
		application.run((context) -> {
			transaction(context).executeWithoutResult((status) -> {
				application.save(context, "Ada");
				context.getBean(JobClient.class).enqueue(new Greet("Ada"));
			});
			await().until(() -> context.getBean(Greetings.class).greeted(), List.of("Ada")::equals);
			assertThat(customers(context)).containsExactly("Ada");
		});
	}

	@ParameterizedTest
	@EnumSource
	void leavesNeitherJobNorEntityAfterARollback(Application application) {
		application.run((context) -> {
			transaction(context).executeWithoutResult((status) -> {
				application.save(context, "Ada");
				context.getBean(JobClient.class).enqueue(new Greet("Ada"));
				context.getBean(JobClient.class).enqueueAll(List.of(new Greet("Bob"), new Greet("Cy")));
				status.setRollbackOnly();
			});
			assertThat(context.getBean(JobOperations.class).find(JobFilter.ALL, null, 10).items()).isEmpty();
			assertThat(customers(context)).isEmpty();
		});
	}

	@ParameterizedTest
	@EnumSource
	void startsNothingBeforeTheCommit(Application application) {
		application.run((context) -> {
			transaction(context).executeWithoutResult((status) -> {
				context.getBean(JobClient.class).enqueue(new Greet("inside"));
				inAnotherThread(() -> context.getBean(JobClient.class).enqueue(new Greet("outside")));
				await().until(() -> context.getBean(Greetings.class).greeted(), List.of("outside")::equals);
			});
			await().until(() -> context.getBean(Greetings.class).greeted(), List.of("outside", "inside")::equals);
		});
	}

	@ParameterizedTest
	@EnumSource
	void enqueuesWithoutATransaction(Application application) {
		application.run((context) -> {
			context.getBean(JobClient.class).enqueue(new Greet("alone"));
			await().until(() -> context.getBean(Greetings.class).greeted(), List.of("alone")::equals);
		});
	}

	@ParameterizedTest
	@EnumSource
	void refusesAReadOnlyTransaction(Application application) {
		application.run((context) -> {
			TransactionTemplate readOnly = transaction(context);
			readOnly.setReadOnly(true);
			assertThatExceptionOfType(ReadOnlyTransactionException.class)
				.isThrownBy(() -> readOnly
					.executeWithoutResult((status) -> context.getBean(JobClient.class).enqueue(new Greet("never"))))
				.withMessageContaining("read-only");
			assertThat(context.getBean(JobOperations.class).find(JobFilter.ALL, null, 10).items()).isEmpty();
		});
	}

	@ParameterizedTest
	@EnumSource
	void takesBackWhatAnOperatorDidInATransactionThatIsRolledBack(Application application) {
		application.run((context) -> {
			JobOperations operations = context.getBean(JobOperations.class);
			JobId id = context.getBean(JobClient.class).job(new Greet("Ada")).in(Duration.ofDays(1)).enqueue().id();
			transaction(context).executeWithoutResult((status) -> {
				application.save(context, "Ada");
				operations.cancel(id);
				assertThat(operations.find(id)).map(JobInfo::state).contains(JobState.CANCELLED);
				status.setRollbackOnly();
			});
			assertThat(operations.find(id)).map(JobInfo::state).contains(JobState.SCHEDULED);
			assertThat(customers(context)).isEmpty();
		});
	}

	@Test
	void joinsTheTransactionManagerOfJpa() {
		Application.JPA.run((context) -> assertThat(context.getBean(TransactionManagerReference.class).manager())
			.isInstanceOf(JpaTransactionManager.class)
			.isSameAs(context.getBean(PlatformTransactionManager.class)));
	}

	@Test
	void joinsTheTransactionManagerOfJdbc() {
		Application.JDBC.run((context) -> assertThat(context.getBean(TransactionManagerReference.class).manager())
			.isInstanceOf(JdbcTransactionManager.class)
			.isSameAs(context.getBean(PlatformTransactionManager.class)));
	}

	private static TransactionTemplate transaction(ApplicationContext context) {
		return new TransactionTemplate(context.getBean(PlatformTransactionManager.class));
	}

	private static List<String> customers(ApplicationContext context) {
		return context.getBean(JdbcTemplate.class).queryForList("select name from customer", String.class);
	}

	private static void inAnotherThread(Runnable action) {
		Thread thread = new Thread(action);
		thread.start();
		await().until(() -> !thread.isAlive());
	}

	/**
	 * How an application talks to its database.
	 */
	enum Application {

		JDBC(Contexts.onPostgres()),

		JDBC_WITHOUT_AUTO_COMMIT(
				Contexts.onPostgres().withPropertyValues("spring.datasource.hikari.auto-commit=false")),

		JPA(Contexts.onPostgres()
			.withConfiguration(AutoConfigurations.of(HibernateJpaAutoConfiguration.class))
			.withUserConfiguration(Entities.class)) {

			@Override
			void save(ApplicationContext context, String name) {
				EntityManager entityManager = SharedEntityManagerCreator
					.createSharedEntityManager(context.getBean(EntityManagerFactory.class));
				entityManager.persist(new Customer(name));
			}

		},

		JPA_WITHOUT_AUTO_COMMIT(JPA.runner.withPropertyValues("spring.datasource.hikari.auto-commit=false",
				"spring.jpa.properties.hibernate.connection.provider_disables_autocommit=true")) {

			@Override
			void save(ApplicationContext context, String name) {
				JPA.save(context, name);
			}

		},

		JPA_WHERE_JOBS_HAVE_A_MANAGER_OF_JDBC(JPA.runner.withUserConfiguration(JdbcManager.class)) {

			@Override
			void save(ApplicationContext context, String name) {
				JPA.save(context, name);
			}

		};

		private final ApplicationContextRunner runner;

		Application(ApplicationContextRunner runner) {
			this.runner = runner.withUserConfiguration(Greetings.class);
		}

		void save(ApplicationContext context, String name) {
			context.getBean(JdbcTemplate.class).update("insert into customer values (?)", name);
		}

		void run(ContextAction action) {
			this.runner.withPropertyValues("spring.flyway.locations=classpath:app-migration").run((context) -> {
				assertThat(context).hasNotFailed();
				// Row by row: to truncate takes locks that meet those of the node that
				// has just started.
				transaction(context).executeWithoutResult(
						(status) -> JdbcTestUtils.deleteFromTables(context.getBean(JdbcTemplate.class), "customer",
								"background_job_job", "background_job_history"));
				action.run(context);
			});
		}

	}

	@FunctionalInterface
	interface ContextAction {

		void run(ApplicationContext context);

	}

	@Configuration(proxyBeanMethods = false)
	static class JdbcManager {

		@Bean(defaultCandidate = false)
		@BackgroundJobTransactionManager
		PlatformTransactionManager jdbcTransactionManager(DataSource dataSource) {
			return new JdbcTransactionManager(dataSource);
		}

	}

	@Configuration(proxyBeanMethods = false)
	@EntityScan(basePackageClasses = Customer.class)
	static class Entities {

	}

}
