package io.jobstarter.apps;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

import javax.sql.DataSource;

import com.zaxxer.hikari.HikariDataSource;
import io.jobstarter.BackgroundJob;
import io.jobstarter.Enqueued;
import io.jobstarter.JobClient;
import io.jobstarter.JobEvent;
import io.jobstarter.JobOperations;
import io.jobstarter.RetryOn;
import io.jobstarter.apps.Greetings.Greet;
import io.jobstarter.autoconfigure.BackgroundJobDataSource;
import io.jobstarter.autoconfigure.BackgroundJobTransactionManager;
import io.jobstarter.testdatabases.EmbeddedPostgres;
import org.flywaydb.core.Flyway;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.autoconfigure.flyway.FlywayDataSource;
import org.springframework.boot.jdbc.DataSourceBuilder;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.context.annotation.Primary;
import org.springframework.context.event.EventListener;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.annotation.Transactional;
import org.springframework.transaction.support.AbstractPlatformTransactionManager;
import org.springframework.transaction.support.DefaultTransactionStatus;
import org.springframework.transaction.support.ResourceTransactionManager;
import org.springframework.transaction.support.TransactionSynchronizationManager;
import org.springframework.transaction.support.TransactionTemplate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

/**
 * Applications with a database for their jobs beside that of their own data.
 */
@ExtendWith(OutputCaptureExtension.class)
class TwoDataSourcesTests {

	@ParameterizedTest
	@ValueSource(booleans = { true, false })
	void runsAJobAfterTheCommitOfTheOtherDatabaseAndNoneAfterItsRollback(boolean postgres) {
		(postgres ? onTwoPostgres(Marked.class) : app(Marked.class)).run((context) -> {
			Shop shop = context.getBean(Shop.class);
			assertThatIllegalStateException().isThrownBy(() -> shop.orderAndFail("rolled back"));
			Enqueued enqueued = shop.order("committed");
			Greetings.awaitGreeted(context, "committed");
			await().atMost(Greetings.PATIENCE)
				.until(() -> context.getBean(JobOperations.class)
					.find(enqueued.id())
					.filter((job) -> job.finishedAt() != null)
					.isPresent());
			assertThat(shop.orders()).containsExactly("committed");
		});
	}

	@Test
	void keepsTheTablesOfJobsOutOfTheOtherDatabase() {
		app(Marked.class).run((context) -> {
			assertThat(tables(context.getBean(JdbcClient.class)))
				.noneMatch((table) -> table.startsWith("BACKGROUND_JOB_"));
			assertThat(tables(jobs(context))).contains("BACKGROUND_JOB_JOB");
		});
	}

	@Test
	void addsTheJobAtOnceWhereSoConfigured() {
		app(Marked.class).with("background-jobs.enqueue=immediate").run((context) -> {
			Shop shop = context.getBean(Shop.class);
			assertThatIllegalStateException().isThrownBy(() -> shop.orderAndFail("rolled back"));
			Greetings.awaitGreeted(context, "rolled back");
			assertThat(shop.orders()).isEmpty();
		});
	}

	@Test
	void joinsTransactionsOfItsOwnManagerWhichIsFoundByItsDataSource() {
		app(MarkedWithManager.class).run((context) -> Greetings.assertJoins(context,
				context.getBean("jobsTransactionManager", PlatformTransactionManager.class)));
	}

	@Test
	void joinsTransactionsOfTheManagerThatIsMarkedAmongSeveral() {
		app(TwoManagersOneMarked.class).run((context) -> Greetings.assertJoins(context,
				context.getBean("chosen", PlatformTransactionManager.class)));
	}

	@Test
	void runsTransactionalHandlersInTheDatabaseOfTheJobs() {
		app(Marked.class).run((context) -> {
			jobs(context).sql("create table effect (name varchar(100))").update();
			context.getBean(JobClient.class).enqueue(new Note("lost"));
			context.getBean(JobClient.class).enqueue(new Note("kept"));
			await().atMost(Greetings.PATIENCE)
				.until(() -> jobs(context).sql("select name from effect").query(String.class).list(),
						List.of("kept")::equals);
			await().atMost(Greetings.PATIENCE).until(() -> Greetings.waiting(context), (left) -> left == 0);
			Greetings.awaitGreeted(context, "kept");
			assertThat(jobs(context).sql("select name from effect").query(String.class).list()).containsExactly("kept");
		});
	}

	@Test
	void takesThePrimaryOneOfTwoWhereNoneIsMarked() {
		app(OnePrimary.class).run((context) -> {
			assertThat(tables(context.getBean(JdbcClient.class))).contains("BACKGROUND_JOB_JOB");
			Greetings.assertJoins(context, context.getBean(PlatformTransactionManager.class));
		});
	}

	@Test
	void startsWhereNothingSaysWhichOneTheRestOfTheApplicationUses() {
		app(OneMarkedOfTwo.class).run((context) -> {
			context.getBean(JobClient.class).enqueue(new Greet("Ada"));
			Greetings.awaitGreeted(context, "Ada");
			assertThat(tables(jobs(context))).contains("BACKGROUND_JOB_JOB");
			assertThat(context.getBeanNamesForType(Flyway.class)).isEmpty();
		});
	}

	@Test
	void leavesFlywayToAnApplicationThatSaysWhichOneIsFlyways() {
		app(OneOfFlyway.class)
			.run((context) -> assertThat(context.getBeanNamesForType(Flyway.class)).containsExactly("flyway"));
	}

	@Test
	void saysWhatToDoWhereItIsNotKnownWhichOneHoldsTheJobs(CapturedOutput output) {
		assertThatThrownBy(() -> app(Unmarked.class).start());
		assertThat(output).contains("APPLICATION FAILED TO START")
			.contains("It is not known which DataSource holds the background jobs: there are 'orders', 'jobs'.")
			.contains("@BackgroundJobDataSource", "@Bean(defaultCandidate = false)", "@Primary");
	}

	@Test
	void refusesAManagerThatIsMarkedButOfTheOtherDatabase(CapturedOutput output) {
		assertThatThrownBy(() -> app(WrongManager.class).start());
		assertThat(output).contains("APPLICATION FAILED TO START")
			.contains("marked by @BackgroundJobTransactionManager does not manage the DataSource of background jobs");
	}

	@Test
	void tellsOfAJobThatIsLostAfterTheCommitWithoutItsPayload(CapturedOutput output) {
		app(Marked.class).with("background-jobs.worker.enabled=false").run((context) -> {
			new TransactionTemplate(context.getBean(PlatformTransactionManager.class))
				.executeWithoutResult((status) -> {
					context.getBean(JobClient.class).enqueue(new Greet("a secret"));
					jobs(context).sql("alter table background_job_job rename to gone").update();
				});
			assertThat(context.getBean(Shop.class).lost()).singleElement()
				.satisfies((event) -> assertThat(output).contains("Jobs are lost", event.id() + " (greet)")
					.doesNotContain("a secret"));
		});
	}

	@Test
	void takesNoManagerOfABrokerForItsOwn() {
		App.of(Broker.class).run((context) -> {
			TransactionTemplate transaction = new TransactionTemplate(context.getBean(BrokerTransactionManager.class));
			JobClient jobs = context.getBean(JobClient.class);
			transaction.executeWithoutResult((status) -> {
				jobs.enqueue(new Greet("rolled back"));
				status.setRollbackOnly();
			});
			transaction.executeWithoutResult((status) -> {
				jobs.enqueue(new Greet("committed"));
				assertThat(Greetings.waiting(context)).isZero();
			});
			Greetings.awaitGreeted(context, "committed");
		});
	}

	private static App app(Class<?> source) {
		return App.of(source).with("jobs.url=" + App.h2());
	}

	private static App onTwoPostgres(Class<?> source) {
		return App.of(source).onPostgres().with("jobs.url=" + EmbeddedPostgres.shared().createDatabase());
	}

	private static JdbcClient jobs(ApplicationContext context) {
		return JdbcClient.create(context.getBean("jobs", DataSource.class));
	}

	private static List<String> tables(JdbcClient database) {
		return database.sql("select table_name from information_schema.tables where table_schema = 'PUBLIC'")
			.query(String.class)
			.list();
	}

	private static DataSource pool(String url) {
		return DataSourceBuilder.create()
			.type(HikariDataSource.class)
			.url(url)
			.username(url.startsWith("jdbc:h2:") ? "sa" : "postgres")
			.build();
	}

	/**
	 * Takes orders, and has them confirmed by a job.
	 */
	static class Shop {

		private final JdbcClient database;

		private final JobClient jobs;

		private final List<JobEvent> lost = new CopyOnWriteArrayList<>();

		Shop(JdbcClient database, JobClient jobs) {
			this.database = database;
			this.jobs = jobs;
			database.sql("create table if not exists customer_order (name varchar(100))").update();
		}

		@Transactional
		public Enqueued order(String name) {
			this.database.sql("insert into customer_order values (?)").param(name).update();
			return this.jobs.enqueue(new Greet(name));
		}

		@Transactional
		public Enqueued orderAndFail(String name) {
			order(name);
			throw new IllegalStateException("no");
		}

		@EventListener
		public void hear(JobEvent.EnqueueFailed event) {
			this.lost.add(event);
		}

		public List<JobEvent> lost() {
			return this.lost;
		}

		public List<String> orders() {
			return this.database.sql("select name from customer_order").query(String.class).list();
		}

	}

	record Note(String name) {
	}

	/**
	 * Writes into the database of the jobs, together with the end of its own job.
	 */
	static class Notes {

		private final JdbcClient jobs;

		private final JobClient client;

		Notes(DataSource jobs, JobClient client) {
			this.jobs = JdbcClient.create(jobs);
			this.client = client;
		}

		@BackgroundJob(transactional = true)
		@RetryOn(value = IllegalArgumentException.class, maxAttempts = 1)
		void write(Note note) {
			this.jobs.sql("insert into effect values (?)").param(note.name()).update();
			this.client.enqueue(new Greet(note.name()));
			if (note.name().equals("lost")) {
				throw new IllegalArgumentException("no");
			}
		}

	}

	@Configuration(proxyBeanMethods = false)
	@Import(PlainApplication.class)
	static class Marked {

		@Bean(defaultCandidate = false)
		@BackgroundJobDataSource
		DataSource jobs(@Value("${jobs.url}") String url) {
			return pool(url);
		}

		@Bean
		Shop shop(JdbcClient database, JobClient jobs) {
			return new Shop(database, jobs);
		}

		@Bean
		Notes notes(@BackgroundJobDataSource DataSource jobs, JobClient client) {
			return new Notes(jobs, client);
		}

	}

	@Configuration(proxyBeanMethods = false)
	@Import(Marked.class)
	static class MarkedWithManager {

		@Bean(defaultCandidate = false)
		PlatformTransactionManager jobsTransactionManager(@BackgroundJobDataSource DataSource jobs) {
			return new JdbcTransactionManager(jobs);
		}

	}

	@Configuration(proxyBeanMethods = false)
	@Import(Marked.class)
	static class TwoManagersOneMarked {

		@Bean(defaultCandidate = false)
		PlatformTransactionManager other(@BackgroundJobDataSource DataSource jobs) {
			return new JdbcTransactionManager(jobs);
		}

		@Bean(defaultCandidate = false)
		@BackgroundJobTransactionManager
		PlatformTransactionManager chosen(@BackgroundJobDataSource DataSource jobs) {
			return new JdbcTransactionManager(jobs);
		}

	}

	@Configuration(proxyBeanMethods = false)
	@Import(Marked.class)
	static class WrongManager {

		@Bean(defaultCandidate = false)
		@BackgroundJobTransactionManager
		PlatformTransactionManager wrong(DataSource orders) {
			return new JdbcTransactionManager(orders);
		}

	}

	@Configuration(proxyBeanMethods = false)
	@Import(PlainApplication.class)
	static class Unmarked {

		@Bean
		DataSource orders(@Value("${spring.datasource.url}") String url) {
			return pool(url);
		}

		@Bean
		DataSource jobs(@Value("${jobs.url}") String url) {
			return pool(url);
		}

	}

	@Configuration(proxyBeanMethods = false)
	@Import(PlainApplication.class)
	static class OneMarkedOfTwo {

		@Bean
		DataSource orders(@Value("${spring.datasource.url}") String url) {
			return pool(url);
		}

		@Bean
		@BackgroundJobDataSource
		DataSource jobs(@Value("${jobs.url}") String url) {
			return pool(url);
		}

	}

	@Configuration(proxyBeanMethods = false)
	@Import(PlainApplication.class)
	static class OneOfFlyway {

		@Bean
		@FlywayDataSource
		DataSource orders(@Value("${spring.datasource.url}") String url) {
			return pool(url);
		}

		@Bean
		@BackgroundJobDataSource
		DataSource jobs(@Value("${jobs.url}") String url) {
			return pool(url);
		}

	}

	@Configuration(proxyBeanMethods = false)
	@Import(PlainApplication.class)
	static class OnePrimary {

		@Bean
		@Primary
		DataSource orders(@Value("${spring.datasource.url}") String url) {
			return pool(url);
		}

		@Bean
		DataSource archive(@Value("${jobs.url}") String url) {
			return pool(url);
		}

		@Bean
		PlatformTransactionManager transactionManager(DataSource orders) {
			return new JdbcTransactionManager(orders);
		}

		@Bean(defaultCandidate = false)
		PlatformTransactionManager archiveTransactionManager(@Qualifier("archive") DataSource archive) {
			return new JdbcTransactionManager(archive);
		}

	}

	/**
	 * The only transaction manager is one of a message broker.
	 */
	@Configuration(proxyBeanMethods = false)
	@Import(PlainApplication.class)
	static class Broker {

		@Bean
		BrokerTransactionManager brokerTransactionManager() {
			return new BrokerTransactionManager();
		}

	}

	@SuppressWarnings("serial")
	static class BrokerTransactionManager extends AbstractPlatformTransactionManager
			implements ResourceTransactionManager {

		@Override
		public Object getResourceFactory() {
			return "a broker";
		}

		@Override
		protected Object doGetTransaction() {
			return new Object();
		}

		@Override
		protected boolean isExistingTransaction(Object transaction) {
			return TransactionSynchronizationManager.hasResource(this);
		}

		@Override
		protected void doBegin(Object transaction, TransactionDefinition definition) {
			TransactionSynchronizationManager.bindResource(this, transaction);
		}

		@Override
		protected void doCommit(DefaultTransactionStatus status) {
		}

		@Override
		protected void doRollback(DefaultTransactionStatus status) {
		}

		@Override
		protected void doSetRollbackOnly(DefaultTransactionStatus status) {
		}

		@Override
		protected void doCleanupAfterCompletion(Object transaction) {
			TransactionSynchronizationManager.unbindResource(this);
		}

	}

}
