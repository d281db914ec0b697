package io.jobstarter.autoconfigure;

import java.util.List;

import javax.sql.DataSource;

import io.jobstarter.JobClient;
import io.jobstarter.autoconfigure.Greetings.Greet;
import io.jobstarter.testdatabases.EmbeddedPostgres;
import io.jobstarter.testdatabases.PgBouncer;
import io.jobstarter.testdatabases.PgBouncerOptions;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

/**
 * What the start says about PgBouncer and settings with which it cannot work.
 */
@ExtendWith(OutputCaptureExtension.class)
class PoolerCheckTests {

	private static final String PREPARED = "statements that the driver prepares under a name would fail at random";

	private static final String UNCERTAIN = "A pooler stands before the database, and prepareThreshold is 5";

	private PgBouncer pooler;

	@BeforeAll
	static void isInstalled() {
		assumeTrue(PgBouncer.isAvailable(), "PgBouncer is not installed");
	}

	@AfterEach
	void stopPooler() {
		this.pooler.close();
	}

	private ApplicationContextRunner behind(PgBouncerOptions options, String query) {
		this.pooler = PgBouncer.inFrontOf(EmbeddedPostgres.shared(), options);
		return Contexts.onPostgres(this.pooler.bareUrl(this.pooler.createDatabase()) + query)
			.withUserConfiguration(Greetings.class);
	}

	private static void runsJobs(ApplicationContextRunner application) {
		application.run((context) -> {
			context.getBean(JobClient.class).enqueue(new Greet("you"));
			await().until(() -> context.getBean(Greetings.class).greeted(), List.of("you")::equals);
		});
	}

	@Test
	void namesPrepareThresholdWhereSessionsAreShared() {
		FailureAnalysis analysis = StartFailures.analysisOf(behind(PgBouncerOptions.defaults(), ""));
		assertThat(analysis.getDescription()).startsWith("prepareThreshold is 5").contains(PREPARED);
		assertThat(analysis.getAction()).contains("Add prepareThreshold=0 to the JDBC URL (spring.datasource.url)")
			.contains("max_prepared_statements")
			.contains("pool_mode=session");
	}

	@Test
	void namesItTooWhereThePoolHasOneConnectionAndThePoolerOne() {
		FailureAnalysis analysis = StartFailures.analysisOf(behind(PgBouncerOptions.defaults().withPoolSize(1), "")
			.withPropertyValues("spring.datasource.hikari.maximum-pool-size=1"));
		assertThat(analysis.getDescription()).startsWith("prepareThreshold is 5");
	}

	// Two connections of this driver name a statement S_1 each, at once.
	@Test
	void namesItTooWhereAStatementHasFailedBeforeAnybodyLooked() {
		FailureAnalysis analysis = StartFailures
			.analysisOf(behind(PgBouncerOptions.defaults().withPoolSize(1), "?prepareThreshold=-1")
				.withPropertyValues("spring.flyway.locations=classpath:app-migration"));
		assertThat(analysis.getDescription()).startsWith("prepareThreshold is ").contains(PREPARED);
	}

	@Test
	void isSilentWithoutNamesAndStartsJobs(CapturedOutput output) {
		runsJobs(behind(PgBouncerOptions.defaults(), "?prepareThreshold=0"));
		assertThat(output).doesNotContain("prepareThreshold");
	}

	@Test
	void isSilentWhereEverybodyHasASessionAndStartsJobs(CapturedOutput output) {
		runsJobs(behind(PgBouncerOptions.defaults().withPoolMode("session").withPoolSize(20), ""));
		assertThat(output).doesNotContain("pooler");
	}

	@Test
	void namesThePoolModeWhereThereAreNoTransactions() {
		FailureAnalysis analysis = StartFailures
			.analysisOf(behind(PgBouncerOptions.defaults().withPoolMode("statement"), "?prepareThreshold=0"));
		assertThat(analysis.getDescription()).startsWith("pool_mode is 'statement'");
		assertThat(analysis.getAction()).startsWith("Set pool_mode to 'transaction' or 'session'");
	}

	@Test
	void namesThePoolModeWhereTheApplicationsMigrationsAreTheFirstToMeetIt() {
		FailureAnalysis analysis = StartFailures
			.analysisOf(behind(PgBouncerOptions.defaults().withPoolMode("statement"), "?prepareThreshold=0")
				.withPropertyValues("spring.flyway.locations=classpath:app-migration"));
		assertThat(analysis.getDescription()).startsWith("pool_mode is 'statement'");
	}

	@ParameterizedTest
	@CsvSource({ "options=-c%20statement_timeout=60000, options, options",
			"currentSchema=public, search_path, currentSchema" })
	void namesTheStartupParameterThatThePoolerRefuses(String query, String refused, String parameter) {
		FailureAnalysis analysis = StartFailures
			.analysisOf(behind(PgBouncerOptions.defaults(), "?prepareThreshold=0&" + query));
		assertThat(analysis.getDescription()).contains("refuses the startup parameter '" + refused + "'")
			.contains("'" + parameter + "' of the JDBC URL");
		assertThat(analysis.getAction()).contains("ALTER ROLE", "ignore_startup_parameters");
	}

	@Test
	void namesTheSchemaThatOneSessionWouldHaveAndOthersNot() {
		FailureAnalysis analysis = StartFailures.analysisOf(behind(PgBouncerOptions.defaults(), "?prepareThreshold=0")
			.withPropertyValues("spring.datasource.hikari.schema=tenant"));
		assertThat(analysis.getDescription()).startsWith("spring.datasource.hikari.schema is 'tenant'");
		assertThat(analysis.getAction()).contains("search_path");
	}

	@Test
	void warnsOfSettingsThatReachOtherUsersSessions(CapturedOutput output) {
		runsJobs(behind(PgBouncerOptions.defaults(), "?prepareThreshold=0").withPropertyValues(
				"spring.datasource.hikari.connection-init-sql=select 1",
				"spring.datasource.hikari.transaction-isolation=TRANSACTION_READ_COMMITTED"));
		assertThat(output).contains("spring.datasource.hikari has connection-init-sql and transaction-isolation");
	}

	@Test
	void namesPrepareThresholdAsSoonAsAStatementFailsWhereItCannotSeeWhetherSessionsAreShared(CapturedOutput output) {
		FailureAnalysis analysis = StartFailures
			.analysisOf(behind(PgBouncerOptions.defaults(), "").withUserConfiguration(NoPool.class));
		assertThat(output).contains(UNCERTAIN);
		assertThat(analysis.getDescription()).startsWith("prepareThreshold is not 0");
	}

	@Test
	void warnsAndStartsJobsWhereItCannotSeeThatEverybodyHasASession(CapturedOutput output) {
		runsJobs(behind(PgBouncerOptions.defaults().withPoolMode("session").withPoolSize(20), "")
			.withUserConfiguration(NoPool.class));
		assertThat(output).contains(UNCERTAIN);
	}

	@Test
	void namesThePoolSizeThatIsTooSmallToMigrate() {
		FailureAnalysis analysis = StartFailures
			.analysisOf(behind(PgBouncerOptions.defaults().withPoolSize(2), "?prepareThreshold=0&socketTimeout=2"));
		assertThat(analysis.getDescription()).startsWith("The tables background_job_* of background jobs could not");
		assertThat(analysis.getAction()).contains("default_pool_size");
	}

	@Configuration(proxyBeanMethods = false)
	static class NoPool {

		@Bean
		DataSource dataSource(@Value("${spring.datasource.url}") String url) {
			return new DriverManagerDataSource(url, "postgres", "postgres");
		}

	}

}
