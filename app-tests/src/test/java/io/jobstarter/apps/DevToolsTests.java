package io.jobstarter.apps;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

import io.jobstarter.JobClient;
import io.jobstarter.apps.Greetings.Greet;
import org.junit.jupiter.api.Test;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.devtools.restart.Restarter;
import org.springframework.context.ConfigurableApplicationContext;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * An application that DevTools restarts within the process, with its classes loaded anew.
 */
class DevToolsTests {

	@Test
	void runsWhatWasEnqueuedBeforeTheRestart() throws Exception {
		String output = ChildJvm.run(Restarted.class, "spring-data-.*", "hibernate-.*", "liquibase-.*",
				"(spring-)?r2dbc-.*");
		assertThat(output).contains("first start: [you]").contains("after the restart: [later, you]");
	}

	/**
	 * The application.
	 */
	static final class Restarted {

		private static final String DATABASE = "apps.database";

		private Restarted() {
		}

		public static void main(String[] args) throws Exception {
			if (Thread.currentThread().getName().equals("main")) {
				// DevTools throws this thread away and calls this method again.
				SpringApplication.run(PlainApplication.class, "--spring.main.web-application-type=none",
						"--spring.datasource.url=" + App.h2());
			}
			else if (System.getProperty(DATABASE) == null) {
				firstStart();
			}
			else {
				ChildJvm.exitAfter(Restarted::afterTheRestart);
			}
		}

		private static void firstStart() throws Exception {
			Path directory = Files.createTempDirectory("devtools-");
			directory.toFile().deleteOnExit();
			System.setProperty(DATABASE, "jdbc:h2:file:" + directory.resolve("jobs"));
			ConfigurableApplicationContext context = start();
			Greetings.assertRunsJobs(context);
			System.out.println("first start: " + context.getBean(Greetings.class).greeted());
			context.getBean(JobClient.class).job(new Greet("later")).in(Duration.ofMillis(500)).enqueue();
			Restarter.getInstance().restart();
		}

		private static void afterTheRestart() {
			ConfigurableApplicationContext context = start();
			Greetings.awaitGreeted(context, "later");
			context.getBean(JobClient.class).enqueue(new Greet("you"));
			Greetings.awaitGreeted(context, "later", "you");
			assertThat(Thread.getAllStackTraces().keySet()).extracting(Thread::getName)
				.containsOnlyOnce("background-jobs-poller", "background-jobs-heartbeat");
			System.out.println("after the restart: " + context.getBean(Greetings.class).greeted());
			context.close();
		}

		private static ConfigurableApplicationContext start() {
			return new SpringApplicationBuilder(PlainApplication.class).web(WebApplicationType.NONE)
				.run("--spring.autoconfigure.exclude=", "--spring.datasource.url=" + System.getProperty(DATABASE));
		}

	}

}
