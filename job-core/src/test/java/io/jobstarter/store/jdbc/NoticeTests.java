package io.jobstarter.store.jdbc;

import io.jobstarter.store.Lane;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What nodes tell each other.
 */
class NoticeTests {

	@Test
	void whatIsWrittenIsRead() {
		Notice notice = new Notice("4f", new Lane("mail, urgent", -32768, true));
		assertThat(Notice.parse(notice.payload())).contains(notice);
	}

	@Test
	void thatJobsAreScheduledIsReadToo() {
		Notice notice = new Notice("4f", null);
		assertThat(Notice.parse(notice.payload())).contains(notice);
	}

	@Test
	void thatACircuitBreakerHasChangedIsReadToo() {
		String payload = Notice.ofCircuits("4f");
		assertThat(Notice.senderOfCircuits(payload)).contains("4f");
		assertThat(Notice.parse(payload)).isEmpty();
		assertThat(Notice.senderOfCircuits("4f,1,back,circuits")).isEmpty();
		assertThat(Notice.senderOfCircuits("x".repeat(1000) + payload)).isEmpty();
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "hello", "a,1,back", "a,1,back,", "a,x,back,q", "a,99999,back,q", "a,1,true,q",
			"probe,123", ",,,", "a,1,,q" })
	void whatIsMalformedIsNothing(String payload) {
		assertThat(Notice.parse(payload)).isEmpty();
	}

	@Test
	void whatIsTooLongIsNothing() {
		assertThat(Notice.parse("a,1,back," + "q".repeat(1000))).isEmpty();
	}

}
