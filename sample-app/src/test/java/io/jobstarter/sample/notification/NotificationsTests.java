package io.jobstarter.sample.notification;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.UUID;

import io.jobstarter.sample.github.GithubEvent;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.core.io.ClassPathResource;

import static org.assertj.core.api.Assertions.assertThat;

class NotificationsTests {

	@ParameterizedTest
	@CsvSource({ "issues.opened, issue.opened, The lamp turns the wrong way",
			"pull_request.opened, pull_request.opened, Turn the lamp the other way",
			"pull_request.closed, pull_request.merged, Turn the lamp the other way",
			"star.created, star.created, bob" })
	void tells(String payload, String kind, String subject) throws IOException {
		GithubEvent event = event(payload);
		assertThat(Notifications.notificationOf(event))
			.contains(new NotifyDownstream(event.deliveryId(), kind, "harbour/lighthouse", subject));
	}

	@ParameterizedTest
	@ValueSource(strings = { "issues.closed", "star.deleted", "push", "ping" })
	void keepsQuietAbout(String payload) throws IOException {
		assertThat(Notifications.notificationOf(event(payload))).isEmpty();
	}

	private static GithubEvent event(String payload) throws IOException {
		String json = new ClassPathResource("payloads/" + payload + ".json").getContentAsString(StandardCharsets.UTF_8);
		return GithubEvent.read(UUID.randomUUID(), payload.split("\\.")[0], json);
	}

}
