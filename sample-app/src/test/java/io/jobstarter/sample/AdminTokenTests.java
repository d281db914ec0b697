package io.jobstarter.sample;

import java.net.http.HttpRequest.BodyPublishers;
import java.util.Map;
import java.util.UUID;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.test.context.ContextConfiguration;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What changes state asks for the token, however the path is spelled.
 */
@SampleTest
@ContextConfiguration(initializers = OwnH2.class)
class AdminTokenTests {

	@Autowired
	private SampleClient client;

	@ParameterizedTest
	@CsvSource({ "POST, /deliveries/00000000-0000-0000-0000-000000000000/replay", "PUT, /downstream/mode?mode=fail",
			"PUT, /downstream/%6dode?mode=fail" })
	void asksForTheToken(String method, String path) {
		this.client.send(method, path, Map.of(), BodyPublishers.noBody()).assertProblem(401);
		for (String token : new String[] { "", "wrong", SampleTest.ADMIN_TOKEN + "x" }) {
			this.client.send(method, path, Map.of("X-Admin-Token", token), BodyPublishers.noBody()).assertProblem(401);
		}
		assertThat(this.client.get("/downstream/notifications").json().path("mode").asText()).isEqualTo("OK");
	}

	@ParameterizedTest
	@CsvSource({ "PUT, /downstream/mode, 400", "PUT, /downstream/mode?mode=nonsense, 400",
			"POST, /deliveries/not-a-uuid/replay, 400" })
	void explainsToAnAdminWhatIsWrong(String method, String path, int status) {
		this.client.asAdmin(method, path).assertProblem(status);
	}

	@Test
	void replaysNothingThatIsNotThere() {
		this.client.asAdmin("POST", "/deliveries/" + UUID.randomUUID() + "/replay").assertProblem(404);
	}

}
