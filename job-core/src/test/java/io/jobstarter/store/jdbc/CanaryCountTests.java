package io.jobstarter.store.jdbc;

import io.jobstarter.RedriveCanary;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

class CanaryCountTests {

	private static final RedriveCanary EIGHT_OF_TEN = new RedriveCanary(10, 8);

	@ParameterizedTest
	@CsvSource(textBlock = """
			# sent, complete, succeeded, failed, passed, failed
			 10,    true,     10,        0,      true,   false
			 10,    true,     8,         0,      true,   false
			 10,    true,     8,         2,      true,   false
			 10,    true,     7,         2,      false,  false
			 10,    true,     7,         3,      false,  true
			 10,    true,     0,         3,      false,  true
			 10,    true,     0,         0,      false,  false
			 4,     false,    4,         0,      false,  false
			 4,     false,    0,         3,      false,  true
			 4,     false,    2,         2,      false,  false
			 4,     true,     4,         0,      true,   false
			 4,     true,     3,         1,      false,  true
			 4,     true,     3,         0,      false,  false
			 1,     true,     0,         1,      false,  true
			 0,     true,     0,         0,      true,   false
			""")
	void judgesAsSoonAsItCan(int sent, boolean complete, int succeeded, int failed, boolean hasPassed,
			boolean hasFailed) {
		CanaryCount count = new CanaryCount(EIGHT_OF_TEN, sent, complete, succeeded, failed);
		assertThat(count.hasPassed()).isEqualTo(hasPassed);
		assertThat(count.hasFailed()).isEqualTo(hasFailed);
	}

}
