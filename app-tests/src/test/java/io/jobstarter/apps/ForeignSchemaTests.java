package io.jobstarter.apps;

import java.util.UUID;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.jdbc.core.simple.JdbcClient;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/**
 * Applications that may not create tables. What is printed is what an operator reads.
 */
@ExtendWith(OutputCaptureExtension.class)
class ForeignSchemaTests {

	private static final String NEVER = "background-jobs.schema.initialize=never";

	private final App application = App.of(PlainApplication.class)
		.with("spring.datasource.url=jdbc:h2:mem:" + UUID.randomUUID() + ";DB_CLOSE_DELAY=-1");

	@Test
	void saysWhatIsMissingAndWhereTheScriptsAre(CapturedOutput output) {
		assertThatThrownBy(() -> this.application.with(NEVER).start());
		assertThat(output).contains("APPLICATION FAILED TO START")
			.contains("The database lacks what background jobs need: background_job_job")
			.contains("Run the SQL files in classpath:io/jobstarter/store/jdbc/migration/h2");
	}

	@Test
	void saysWhatAnOutdatedSchemaLacks(CapturedOutput output) {
		this.application.run((context) -> context.getBean(JdbcClient.class)
			.sql("alter table background_job_history drop column reason")
			.update());
		assertThatThrownBy(() -> this.application.with(NEVER).start());
		assertThat(output).contains("The database lacks what background jobs need: background_job_history.reason.");
	}

	@Test
	void runsOnTablesThatAReleaseBeforeHasLeft() {
		this.application.run(Greetings::assertRunsJobs);
		try (ConfigurableApplicationContext context = this.application.with(NEVER).start()) {
			Greetings.assertRunsJobs(context);
		}
	}

}
