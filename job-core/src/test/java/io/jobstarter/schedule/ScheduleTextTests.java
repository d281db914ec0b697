package io.jobstarter.schedule;

import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;

import io.jobstarter.InvalidScheduleException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests of {@link ScheduleText} and {@link ScheduleWords}.
 */
class ScheduleTextTests {

	private static final ZoneId UTC = ZoneId.of("UTC");

	@ParameterizedTest
	@CsvSource(delimiter = '|', textBlock = """
			every 30 minutes                                | 2026-01-05T10:30:00Z 2026-01-05T11:00:00Z
			every second                                    | 2026-01-05T10:07:31Z 2026-01-05T10:07:32Z
			Every  2   Hours                                | 2026-01-05T12:00:00Z 2026-01-05T14:00:00Z
			every 45 minutes                                | 2026-01-05T10:30:00Z 2026-01-05T11:15:00Z
			every day                                       | 2026-01-06T00:00:00Z 2026-01-07T00:00:00Z
			every day at 04:02                              | 2026-01-06T04:02:00Z 2026-01-07T04:02:00Z
			every day at noon and midnight                  | 2026-01-05T12:00:00Z 2026-01-06T00:00:00Z
			every day at 9am, 1pm and 9:30pm                | 2026-01-05T13:00:00Z 2026-01-05T21:30:00Z
			every day at 12am                               | 2026-01-06T00:00:00Z 2026-01-07T00:00:00Z
			every day at 12:15 pm                           | 2026-01-05T12:15:00Z 2026-01-06T12:15:00Z
			every day at 10:07:31                           | 2026-01-05T10:07:31Z 2026-01-06T10:07:31Z
			every monday at 9am in Europe/Berlin            | 2026-01-12T08:00:00Z 2026-01-19T08:00:00Z
			every monday at 9am in europe/berlin            | 2026-01-12T08:00:00Z 2026-01-19T08:00:00Z
			every Tuesday and thursday at 17:00             | 2026-01-06T17:00:00Z 2026-01-08T17:00:00Z
			every mon, wed, and fri at 8:00                 | 2026-01-07T08:00:00Z 2026-01-09T08:00:00Z
			every weekday at 8am                            | 2026-01-06T08:00:00Z 2026-01-07T08:00:00Z
			every weekend                                   | 2026-01-10T00:00:00Z 2026-01-11T00:00:00Z
			every week                                      | 2026-01-12T00:00:00Z 2026-01-19T00:00:00Z
			every month                                     | 2026-02-01T00:00:00Z 2026-03-01T00:00:00Z
			every year                                      | 2027-01-01T00:00:00Z 2028-01-01T00:00:00Z
			every 1st day of month at 3am                   | 2026-02-01T03:00:00Z 2026-03-01T03:00:00Z
			every 1st and 15th day of the month at 3am      | 2026-01-15T03:00:00Z 2026-02-01T03:00:00Z
			every last day of month                         | 2026-01-31T00:00:00Z 2026-02-28T00:00:00Z
			@daily                                          | 2026-01-06T00:00:00Z 2026-01-07T00:00:00Z
			@hourly                                         | 2026-01-05T11:00:00Z 2026-01-05T12:00:00Z
			*/15 * * * *                                    | 2026-01-05T10:15:00Z 2026-01-05T10:30:00Z
			0 4 * * *                                       | 2026-01-06T04:00:00Z 2026-01-07T04:00:00Z
			0 4 * * * in America/New_York                   | 2026-01-06T09:00:00Z 2026-01-07T09:00:00Z
			30 0 4 * * MON-FRI                              | 2026-01-06T04:00:30Z 2026-01-07T04:00:30Z
			0 0 6,7 * *                                     | 2026-01-06T00:00:00Z 2026-01-07T00:00:00Z
			0 0 13 * FRI                                    | 2026-01-09T00:00:00Z 2026-01-13T00:00:00Z
			0 0 0 13 * FRI                                  | 2026-02-13T00:00:00Z 2026-03-13T00:00:00Z
			0 0 29 2 *                                      | 2028-02-29T00:00:00Z 2032-02-29T00:00:00Z
			""")
	void reads(String text, String fires) {
		Schedule schedule = Schedule.parse(text, UTC);
		List<String> next = new ArrayList<>();
		Instant fire = Instant.parse("2026-01-05T10:07:30Z");
		for (int i = 0; i < 2; i++) {
			fire = schedule.after(fire);
			next.add(String.valueOf(fire));
		}
		assertThat(String.join(" ", next)).isEqualTo(fires);
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', textBlock = """
			every                          | not known here
			every fortnight                | 'fortnight' is not known here
			every 0 minutes                | 0 is no interval
			every 2 days                   | '2 days' is not known here
			every day at                   | is not known here
			every day at 25:00             | '25:00' is no time of day
			every day at 13pm              | '13pm' is no time of day
			every day at 9                 | '9' is no time of day
			every day at 09:60             | '09:60' is no time of day
			every hour at 9am              | an interval has no time of day
			every 32nd day of month        | '32nd' is no day of a month
			every first day of month       | 'first' is no day of a month
			every day at 9am in Atlantis   | a time zone that there is not: 'Atlantis'
			61 * * * *                     | is no cron expression
			* * * *                        | is no schedule
			@fortnightly                   | is no cron expression
			0 0 31 2 *                     | never fires
			tomorrow                       | is no schedule
			""")
	void refuses(String text, String why) {
		assertThatExceptionOfType(InvalidScheduleException.class).isThrownBy(() -> Schedule.parse(text, UTC))
			.withMessageContaining(why);
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "  ", "every day at 9am\nin UTC; drop table job", "<script>alert(1)</script>",
			"every \u202Eday", "${jndi:ldap://x}", "0 0 0 1 1 2147483648", "@@", "every 999999999999 hours" })
	void refusesWhatIsNoScheduleWithoutRepeatingControlCharacters(String text) {
		assertThatExceptionOfType(InvalidScheduleException.class).isThrownBy(() -> Schedule.parse(text, UTC))
			.satisfies((ex) -> assertThat(ex.getMessage()).doesNotContain("\n", "\u202E"));
	}

	@Test
	void refusesAnEndlessText() {
		assertThatExceptionOfType(InvalidScheduleException.class)
			.isThrownBy(() -> Schedule.parse("every day at " + "9am and ".repeat(100_000) + "9am", UTC))
			.withMessageContaining("1 to 200 characters");
	}

}
