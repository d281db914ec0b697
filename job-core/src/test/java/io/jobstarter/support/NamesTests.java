package io.jobstarter.support;

import io.jobstarter.InvalidJobException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

class NamesTests {

	private static final String HUNDRED = "a".repeat(100);

	@ParameterizedTest
	@CsvSource({ "SendWelcomeEmail,send-welcome-email", "SendHTTPRequest,send-http-request", "HTTPRequest,http-request",
			"S3Upload,s3-upload", "Upload2S3,upload2-s3", "rebuild,rebuild", "rebuildIndex,rebuild-index", "A,a",
			"ABC,abc", "build_report,build_report" })
	void makesKebabCaseOfJavaNames(String simpleName, String name) {
		assertThat(Names.kebabCase(simpleName)).isEqualTo(name);
	}

	@ParameterizedTest
	@ValueSource(strings = { "a", "0", "send-mail", "a--b", "a-" })
	void acceptsJobNames(String name) {
		assertThat(Names.job(name)).isEqualTo(name);
		assertThat(Names.job(HUNDRED)).isEqualTo(HUNDRED);
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "-a", "A", "a_b", "a.b", "ä", "a b", " a", "a\n", "a;drop table", "<b>", "\u0661" })
	void refusesJobNamesAndNamesThePattern(String name) {
		assertThatExceptionOfType(InvalidJobException.class).isThrownBy(() -> Names.job(name))
			.withMessageStartingWith("The job name '")
			.withMessageEndingWith("does not match [a-z0-9][a-z0-9-]{0,99}");
	}

	@ParameterizedTest
	@ValueSource(strings = { "default", "Mail", "a.b_c-d", "9" })
	void acceptsQueueNames(String name) {
		assertThat(Names.queue(name)).isEqualTo(name);
	}

	@ParameterizedTest
	@ValueSource(strings = { "", ".a", "a/b", "a:b", "a b", "ä", "a\r" })
	void refusesQueueNames(String name) {
		assertThatExceptionOfType(InvalidJobException.class).isThrownBy(() -> Names.queue(name))
			.withMessageStartingWith("The queue name '");
	}

	@ParameterizedTest
	@ValueSource(strings = { "tenant:42", "a/b", "A.b_c-d" })
	void acceptsTags(String tag) {
		assertThat(Names.tag(tag)).isEqualTo(tag);
	}

	@ParameterizedTest
	@ValueSource(strings = { "", ":a", "a b", "a\u0000", "<i>" })
	void refusesTags(String tag) {
		assertThatExceptionOfType(InvalidJobException.class).isThrownBy(() -> Names.tag(tag))
			.withMessageStartingWith("The tag '");
	}

	@Test
	void refusesNamesThatAreTooLongAndShowsTheirBeginning() {
		assertThatExceptionOfType(InvalidJobException.class).isThrownBy(() -> Names.job(HUNDRED + "a"));
		assertThatExceptionOfType(InvalidJobException.class).isThrownBy(() -> Names.queue(HUNDRED + "a"));
		assertThatExceptionOfType(InvalidJobException.class).isThrownBy(() -> Names.tag(HUNDRED + "a"));
		assertThatExceptionOfType(InvalidJobException.class).isThrownBy(() -> Names.job("a".repeat(6_000)))
			.satisfies((ex) -> assertThat(ex.getMessage()).hasSizeLessThan(300));
	}

	@Test
	void aRefusalIsOneLine() {
		assertThatExceptionOfType(InvalidJobException.class).isThrownBy(() -> Names.queue("a\n\u001B[31mb"))
			.withMessageContaining("'a  [31mb'");
	}

	@Test
	void textHasALengthAndNothingThatADatabaseRefuses() {
		assertThat(Names.text("key", "grüße", 1, 5)).isEqualTo("grüße");
		assertThatExceptionOfType(InvalidJobException.class).isThrownBy(() -> Names.text("key", "", 1, 5))
			.withMessage("A key has 1 to 5 characters, not 0");
		assertThatExceptionOfType(InvalidJobException.class).isThrownBy(() -> Names.text("key", "123456", 1, 5))
			.withMessage("A key has 1 to 5 characters, not 6");
		assertThatExceptionOfType(InvalidJobException.class).isThrownBy(() -> Names.text("key", "a\u0000", 1, 5))
			.withMessageContaining("no NUL");
		assertThatExceptionOfType(InvalidJobException.class).isThrownBy(() -> Names.text("key", "a\uD800", 1, 5))
			.withMessageContaining("no lone surrogate");
	}

}
