package io.jobstarter.autoconfigure;

import java.sql.Connection;
import java.util.List;
import java.util.Map;
import java.util.Properties;

import javax.sql.DataSource;

import com.zaxxer.hikari.HikariDataSource;
import com.zaxxer.hikari.util.Credentials;
import io.jobstarter.JobClient;
import io.jobstarter.autoconfigure.BackgroundJobProperties.Worker;
import io.jobstarter.autoconfigure.Greetings.Greet;
import io.jobstarter.testdatabases.EmbeddedPostgres;
import io.jobstarter.worker.JobWorker;
import org.h2.jdbcx.JdbcDataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.postgresql.PGProperty;
import org.postgresql.ds.PGSimpleDataSource;

import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DelegatingDataSource;
import org.springframework.jdbc.datasource.SingleConnectionDataSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Tests of the connections that the engine keeps for itself.
 */
@ExtendWith(OutputCaptureExtension.class)
class EngineConnectionsTests {

	private static final String SHARED = "The engine shares the application's connections";

	private final ApplicationContextRunner application = Contexts.onPostgres().withUserConfiguration(Greetings.class);

	@Test
	void keepsTheLeaseAndRunsJobsWhileTheApplicationHasNoConnectionLeft() {
		this.application.withPropertyValues("spring.datasource.hikari.maximum-pool-size=1").run((context) -> {
			JobClient jobs = context.getBean(JobClient.class);
			JobWorker worker = context.getBean(JobWorker.class);
			await().until(() -> worker.health().isUp());
			try (Connection only = context.getBean(DataSource.class).getConnection()) {
				JdbcClient database = JdbcClient.create(new SingleConnectionDataSource(only, true));
				String lastSeen = lastSeen(database);
				database.sql("""
						insert into background_job_job (name, queue, due_at, payload)
						values ('greet', 'default', clock_timestamp(), '{"name":"you"}')
						""").update();
				await().until(() -> context.getBean(Greetings.class).greeted(), List.of("you")::equals);
				await().until(() -> !lastSeen(database).equals(lastSeen));
				assertThat(worker.health().isUp()).isTrue();
			}
			jobs.enqueue(new Greet("again"));
			await().until(() -> context.getBean(Greetings.class).greeted(), List.of("you", "again")::equals);
		});
	}

	@Test
	void copiesWhereAndAsWhomTheApplicationConnects() throws Exception {
		try (HikariDataSource pool = pool()) {
			pool.addDataSourceProperty("ApplicationName", "shop");
			pool.setConnectionInitSql("set extra_float_digits = 2");
			pool.setSchema("public");
			pool.setMaxLifetime(60_000);
			EngineConnections connections = EngineConnections.of(pool, worker());
			HikariDataSource copy = (HikariDataSource) connections.dataSource();
			assertThat(copy.getJdbcUrl()).isEqualTo(pool.getJdbcUrl());
			assertThat(copy.getUsername()).isEqualTo("postgres");
			assertThat(copy.getPassword()).isEqualTo("secret");
			assertThat(copy.getSchema()).isEqualTo("public");
			assertThat(copy.getMaxLifetime()).isEqualTo(60_000);
			assertThat(copy.getMaximumPoolSize()).isEqualTo(4);
			assertThat(show(copy, "application_name")).isEqualTo("shop");
			assertThat(show(copy, "extra_float_digits")).isEqualTo("2");
			connections.destroy();
			assertThat(copy.isClosed()).isTrue();
			assertThat(pool.isClosed()).isFalse();
		}
	}

	@Test
	void connectsAsWhomTheApplicationConnectsByNow() throws Exception {
		try (HikariDataSource pool = pool()) {
			JdbcClient.create(pool).sql("create role rotated login").update();
			EngineConnections connections = EngineConnections.of(pool, worker());
			HikariDataSource copy = (HikariDataSource) connections.dataSource();
			assertThat(user(copy)).isEqualTo("postgres");
			assertThat(user(connections.listenDataSource())).isEqualTo("postgres");
			pool.getHikariConfigMXBean().setCredentials(Credentials.of("rotated", "secret"));
			copy.getHikariPoolMXBean().softEvictConnections();
			assertThat(user(copy)).isEqualTo("rotated");
			assertThat(user(connections.listenDataSource())).isEqualTo("rotated");
			connections.destroy();
		}
	}

	@Test
	void leavesTheApplicationsDriverPropertiesAlone() throws Exception {
		try (HikariDataSource pool = pool()) {
			pool.addDataSourceProperty("ApplicationName", "shop");
			EngineConnections connections = EngineConnections.of(pool, worker());
			assertThat(pool.getDataSourceProperties()).isEqualTo(Map.of("ApplicationName", "shop"));
			assertThat(driverProperties(connections)).containsEntry("ApplicationName", "shop")
				.containsEntry("socketTimeout", "20")
				.containsEntry("connectTimeout", "5")
				.containsEntry("loginTimeout", "5");
			connections.destroy();
		}
	}

	@Test
	void keepsAShorterNetworkTimeoutAndCutsALongerOne() throws Exception {
		try (HikariDataSource pool = pool()) {
			pool.addDataSourceProperty(PGProperty.SOCKET_TIMEOUT.getName(), "7");
			pool.addDataSourceProperty(PGProperty.CONNECT_TIMEOUT.getName(), "0");
			EngineConnections connections = EngineConnections.of(pool, worker());
			assertThat(driverProperties(connections)).containsEntry("socketTimeout", "7")
				.containsEntry("connectTimeout", "5")
				.containsEntry("loginTimeout", "5");
			connections.destroy();
		}
	}

	@Test
	void boundsNetworkWaitsOnMariaDbInItsDriversMilliseconds() throws Exception {
		try (HikariDataSource pool = new HikariDataSource()) {
			pool.setJdbcUrl("jdbc:mariadb://127.0.0.1:1/shop");
			pool.addDataSourceProperty("connectTimeout", "700");
			EngineConnections connections = EngineConnections.of(pool, worker());
			assertThat(driverProperties(connections)).containsEntry("socketTimeout", "20000")
				.containsEntry("connectTimeout", "700");
			assertThat(pool.getDataSourceProperties()).isEqualTo(Map.of("connectTimeout", "700"));
			assertThat(pool.getConnectionInitSql()).isNull();
			connections.destroy();
		}
	}

	@Test
	void commitsByItselfWhateverTheApplicationDoes() throws Exception {
		try (HikariDataSource pool = pool()) {
			pool.setAutoCommit(false);
			pool.setReadOnly(true);
			pool.setTransactionIsolation("TRANSACTION_SERIALIZABLE");
			EngineConnections connections = EngineConnections.of(pool, worker());
			try (Connection connection = connections.dataSource().getConnection()) {
				assertThat(connection.getAutoCommit()).isTrue();
				assertThat(connection.isReadOnly()).isFalse();
				assertThat(connection.getTransactionIsolation()).isEqualTo(Connection.TRANSACTION_READ_COMMITTED);
			}
			connections.destroy();
		}
	}

	@Test
	void copiesAPoolThatIsMadeOfAnotherDataSource() throws Exception {
		PGSimpleDataSource driver = new PGSimpleDataSource();
		driver.setUrl(EmbeddedPostgres.shared().jdbcUrl());
		driver.setUser("postgres");
		driver.setApplicationName("shop");
		try (HikariDataSource pool = new HikariDataSource()) {
			pool.setDataSource(driver);
			EngineConnections connections = EngineConnections.of(pool, worker());
			assertThat(connections.dataSource()).isInstanceOf(HikariDataSource.class).isNotSameAs(pool);
			assertThat(show(connections.dataSource(), "application_name")).isEqualTo("shop");
			connections.destroy();
		}
	}

	@Test
	void copiesAPoolThatStandsBehindAProxy(CapturedOutput output) throws Exception {
		try (HikariDataSource pool = pool()) {
			EngineConnections connections = EngineConnections.of(new DelegatingDataSource(pool), worker());
			assertThat(connections.dataSource()).isInstanceOf(HikariDataSource.class).isNotSameAs(pool);
			assertThat(output).doesNotContain(SHARED);
			connections.destroy();
		}
	}

	@Test
	void isNoDataSourceOfTheApplication() {
		this.application.run((context) -> {
			assertThat(context).getBeanNames(DataSource.class).containsExactly("dataSource");
			assertThat(context.getBean(EngineConnections.class).dataSource())
				.isNotSameAs(context.getBean(DataSource.class));
		});
	}

	@Test
	void sharesADataSourceThatItCannotCopyAndSaysSo(CapturedOutput output) {
		this.application.withUserConfiguration(NoPool.class).run((context) -> {
			assertRunsJobs(context.getBean(JobClient.class), context.getBean(Greetings.class));
			assertThat(context.getBean(EngineConnections.class).dataSource())
				.isSameAs(context.getBean(DataSource.class));
			assertThat(output).contains(SHARED, JdbcDataSource.class.getName(), "4 connections more");
		});
	}

	@Test
	void listensOnTheUrlThatIsSetAlsoWhereItSharesTheApplicationsConnections() {
		PGSimpleDataSource application = new PGSimpleDataSource();
		application.setUrl(EmbeddedPostgres.shared().jdbcUrl());
		application.setUser("postgres");
		String url = EmbeddedPostgres.shared().jdbcUrl();
		String direct = url + (url.contains("?") ? "&" : "?") + "user=postgres&ApplicationName=listener";
		EngineConnections connections = EngineConnections.of(application, worker(Map.of("w.listen-url", direct)));
		assertThat(connections.areShared()).isTrue();
		assertThat(show(connections.listenDataSource(), "application_name")).isEqualTo("listener");
		assertThat(EngineConnections.of(application, worker()).listenDataSource()).isNull();
	}

	@Test
	void sharesTheOnlyConnectionToADatabaseThatHasNoName(CapturedOutput output) {
		Contexts.onH2()
			.withUserConfiguration(Greetings.class)
			.withPropertyValues("spring.datasource.url=jdbc:h2:mem:", "spring.datasource.hikari.maximum-pool-size=1",
					"background-jobs.worker.poll-interval=1s")
			.run((context) -> {
				assertRunsJobs(context.getBean(JobClient.class), context.getBean(Greetings.class));
				assertThat(output).contains(SHARED);
			});
	}

	@Test
	void warnsWhereJobsMayUseUpTheApplicationsPool(CapturedOutput output) {
		this.application
			.withPropertyValues("background-jobs.queues.default.concurrency=6",
					"background-jobs.queues.broken.concurrency=1", "background-jobs.queues.slow.concurrency=2",
					"spring.datasource.hikari.maximum-pool-size=10")
			.run((context) -> assertThat(output).contains("up to 9 jobs at the same time")
				.contains("pool has 10 connections")
				.contains("to 11 or more"));
	}

	@Test
	void isSilentWhereThePoolLeavesTwoConnectionsToTheApplication(CapturedOutput output) {
		this.application
			.withPropertyValues("background-jobs.queues.default.concurrency=9",
					"background-jobs.queues.broken.concurrency=9", "background-jobs.queues.slow.concurrency=9",
					"background-jobs.worker.concurrency=8", "spring.datasource.hikari.maximum-pool-size=10")
			.run((context) -> assertThat(output).doesNotContain("jobs at the same time"));
	}

	@Test
	void knowsTheSizeOfAPoolThatHasNotStarted() {
		try (HikariDataSource pool = pool()) {
			EngineConnections connections = EngineConnections.of(pool, worker());
			assertThat(connections.applicationPoolSize()).hasValue(10);
		}
	}

	private static void assertRunsJobs(JobClient jobs, Greetings greetings) {
		jobs.enqueue(new Greet("you"));
		await().until(greetings::greeted, List.of("you")::equals);
	}

	private static HikariDataSource pool() {
		HikariDataSource pool = new HikariDataSource();
		pool.setJdbcUrl(EmbeddedPostgres.shared().jdbcUrl());
		pool.setUsername("postgres");
		pool.setPassword("secret");
		return pool;
	}

	private static Worker worker() {
		return worker(Map.of());
	}

	private static Worker worker(Map<String, String> settings) {
		return new Binder(new MapConfigurationPropertySource(settings)).bindOrCreate("w", Worker.class);
	}

	private static Properties driverProperties(EngineConnections connections) {
		return ((HikariDataSource) connections.dataSource()).getDataSourceProperties();
	}

	private static String user(DataSource dataSource) {
		return JdbcClient.create(dataSource).sql("select current_user").query(String.class).single();
	}

	private static String show(DataSource dataSource, String setting) {
		return JdbcClient.create(dataSource).sql("show " + setting).query(String.class).single();
	}

	private static String lastSeen(JdbcClient database) {
		return database.sql("select max(last_seen_at) from background_job_worker").query(String.class).single();
	}

	@Configuration(proxyBeanMethods = false)
	static class NoPool {

		@Bean
		DataSource dataSource() {
			JdbcDataSource dataSource = new JdbcDataSource();
			dataSource.setUrl("jdbc:h2:mem:no-pool;DB_CLOSE_DELAY=-1");
			return dataSource;
		}

	}

}
