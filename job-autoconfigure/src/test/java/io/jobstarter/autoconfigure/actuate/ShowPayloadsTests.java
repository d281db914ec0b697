package io.jobstarter.autoconfigure.actuate;

import java.util.stream.Stream;

import io.jobstarter.JobClient;
import io.jobstarter.autoconfigure.Greetings.Greet;
import io.jobstarter.autoconfigure.actuate.HttpApplication.Answer;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests that payloads and header values are shown to those who may see them.
 */
class ShowPayloadsTests {

	private static final String PAYLOAD = "{\"name\":\"Ada\"}";

	@Test
	void showsThemToEverybodyWhereTheApplicationSaysSo() {
		try (HttpApplication application = start("always")) {
			assertShown(application.get("jobs"));
		}
	}

	@Test
	void showsThemToEveryUserWhoIsAuthorized() {
		try (HttpApplication application = start("when-authorized")) {
			assertMasked(application.get("jobs"));
			assertShown(application.getAs("anybody", "jobs"));
		}
	}

	@Test
	void showsThemToUsersInARole() {
		try (HttpApplication application = start("when-authorized", "background-jobs.actuator.roles=operator")) {
			assertMasked(application.get("jobs"));
			assertMasked(application.getAs("anybody", "jobs"));
			assertShown(application.getAs("operator", "jobs"));
		}
	}

	private static void assertShown(Answer answer) {
		assertThat(answer.<String>json("$.items[0].payload")).isEqualTo(PAYLOAD);
		assertThat(answer.<String>json("$.items[0].headers.tenant")).isEqualTo("acme");
		assertThat(answer.<String>json("$.items[0].headers.token")).isEqualTo("******");
	}

	private static void assertMasked(Answer answer) {
		assertThat(answer.body()).contains("\"token\"", "******").doesNotContain("Ada", "acme", "secret");
	}

	private static HttpApplication start(String showPayloads, String... more) {
		String[] properties = Stream
			.concat(Stream.of("background-jobs.actuator.show-payloads=" + showPayloads,
					"background-jobs.worker.enabled=false", "spring.datasource.generate-unique-name=true"),
					Stream.of(more))
			.toArray(String[]::new);
		HttpApplication application = HttpApplication.start(properties);
		application.bean(JobClient.class)
			.job(new Greet("Ada"))
			.header("tenant", "acme")
			.header("token", "secret")
			.enqueue();
		return application;
	}

}
