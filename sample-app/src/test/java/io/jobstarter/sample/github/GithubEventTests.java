package io.jobstarter.sample.github;

import java.time.Instant;
import java.util.UUID;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

class GithubEventTests {

	private static final String ISSUE = """
			{"action":"opened","unknown":{"a":[1]},
			 "issue":{"id":1,"number":2,"title":"a\\u0000b","state":"open","updated_at":"2025-01-01T00:00:00Z"},
			 "repository":{"id":3,"full_name":"o/r","private":true,"updated_at":"2025-01-01T00:00:00Z",
			  "pushed_at":%s},
			 "sender":{"id":4,"login":"ada"}}""";

	@Test
	void readsWhatItKnowsAndSkipsTheRest() {
		GithubEvent event = read(ISSUE.formatted("null"));
		assertThat(event.issue().number()).isEqualTo(2);
		assertThat(event.repository().isPrivate()).isTrue();
		assertThat(event.sender().login()).isEqualTo("ada");
	}

	@Test
	void makesTextsStorable() {
		assertThat(read(ISSUE.formatted("null")).issue().title()).isEqualTo("a\uFFFDb");
	}

	@Test
	void readsTimesInBothNotationsThatGithubUses() {
		Instant expected = Instant.parse("2019-05-15T15:20:57Z");
		assertThat(read(ISSUE.formatted("1557933657")).repository().pushedAt()).isEqualTo(expected);
		assertThat(read(ISSUE.formatted("\"2019-05-15T15:20:57Z\"")).repository().pushedAt()).isEqualTo(expected);
	}

	@ParameterizedTest
	@ValueSource(strings = { "{\"issue\":{}}",
			"{\"issue\":{\"number\":2,\"title\":\"t\",\"updated_at\":\"2025-01-01T00:00:00Z\"}}",
			"{\"issue\":{\"id\":1,\"number\":2,\"title\":\"t\"}}", "{\"issue\":7}", "{\"issue\":{\"id\":\"one\"}}",
			"{\"issue\":{\"id\":99999999999999999999}}", "{\"sender\":{\"id\":1,\"login\":null}}",
			"{\"issue\":{\"id\":1,\"number\":2,\"title\":\"t\",\"updated_at\":\"yesterday\"}}" })
	void callsAnotherShapeUnreadable(String json) {
		assertThatExceptionOfType(UnreadableEventException.class).isThrownBy(() -> read(json));
	}

	@Test
	void callsAPayloadWithoutItsSubjectUnreadable() {
		GithubEvent event = read("{}");
		assertThatExceptionOfType(UnreadableEventException.class).isThrownBy(event::issue)
			.withMessageContaining("issue");
	}

	@Test
	void knowsTheEventsOfGithub() {
		GithubEventNames names = new GithubEventNames();
		assertThat(names.contains("push")).isTrue();
		assertThat(names.contains("sub_issues")).isTrue();
		assertThat(names.contains("coffee")).isFalse();
		assertThat(names.contains("")).isFalse();
	}

	private static GithubEvent read(String json) {
		return GithubEvent.read(UUID.randomUUID(), "issues", json);
	}

}
