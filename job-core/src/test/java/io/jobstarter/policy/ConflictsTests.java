package io.jobstarter.policy;

import java.sql.SQLException;
import java.time.Duration;

import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

class ConflictsTests {

	@ParameterizedTest
	@ValueSource(strings = { "40001", "40P01" })
	void serializationFailuresAndDeadlocksAreConflictsHoweverDeep(String state) {
		Throwable wrapped = new RuntimeException(new Exception(new SQLException("conflict", state)));
		assertThat(Conflicts.isConflict(wrapped)).isTrue();
	}

	@Test
	void soIsWhatMariaDbSaysOfARowThatChanged() {
		assertThat(Conflicts.isConflict(new SQLException("Record has changed since last read", "HY000", 1020)))
			.isTrue();
	}

	@Test
	void otherErrorsOfADatabaseAreNone() {
		assertThat(Conflicts.isConflict(new SQLException("duplicate key", "23505"))).isFalse();
		assertThat(Conflicts.isConflict(new SQLException("says nothing"))).isFalse();
		assertThat(Conflicts.isConflict(new RuntimeException("40001"))).isFalse();
	}

	@RepeatedTest(20)
	void pausesForAtMostHalfASecond() {
		assertThat(Conflicts.pause()).isBetween(Duration.ofMillis(50), Duration.ofMillis(500));
	}

}
