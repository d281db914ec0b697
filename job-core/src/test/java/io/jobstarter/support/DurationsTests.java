package io.jobstarter.support;

import java.time.Duration;

import io.jobstarter.InvalidJobException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

class DurationsTests {

	@ParameterizedTest
	@CsvSource({ "500ms,PT0.5S", "30s,PT30S", "5m,PT5M", "1h,PT1H", "2d,PT48H", "' 30S ',PT30S", "0s,PT0S",
			"PT30S,PT30S", "pt1h,PT1H", "P1D,PT24H", "-PT5S,PT-5S" })
	void readsWhatSpringBootWrites(String text, Duration duration) {
		assertThat(Durations.parse(text)).isEqualTo(duration);
	}

	@ParameterizedTest
	@ValueSource(strings = { "", " ", "30", "s", "1.5h", "-5s", "5 m", "5min", "soon", "P1Y", "9999999999999s",
			"PT99999999999999999999S", "\u0663s" })
	void refusesWhatIsNoneAndSaysWhatToWrite(String text) {
		assertThatExceptionOfType(InvalidJobException.class).isThrownBy(() -> Durations.parse(text))
			.withMessageContaining("is not a duration: write 500ms, 30s, 5m, 1h, 2d or PT30S");
	}

}
