package io.jobstarter.worker;

import java.util.List;
import java.util.Set;

import io.jobstarter.InvalidJobException;
import io.jobstarter.store.QueueScope;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

class ServedQueuesTests {

	private final ServedQueues served = new ServedQueues(List.of("mail*", "mailers", "mail-eu*", "reports"));

	@Test
	void anExactNameGoesBeforeAWildcardAndALongerBeginningBeforeAShorter() {
		assertThat(this.served.entryOf("mailers")).contains("mailers");
		assertThat(this.served.entryOf("mail-eu")).contains("mail-eu*");
		assertThat(this.served.entryOf("mail-eu-1")).contains("mail-eu*");
		assertThat(this.served.entryOf("mail-us")).contains("mail*");
		assertThat(this.served.entryOf("mail")).contains("mail*");
		assertThat(this.served.entryOf("mailers-2")).contains("mail*");
		assertThat(this.served.entryOf("reports")).contains("reports");
	}

	@Test
	void whatMatchesNoEntryIsNotServed() {
		assertThat(List.of("Mail", "reports-2", "default", "mai", "report")).noneMatch(this.served::serves);
	}

	@Test
	void theAsteriskAloneServesEverythingThatNothingElseDoes() {
		ServedQueues all = new ServedQueues(List.of("*", "mail*"));
		assertThat(all.entryOf("mail-1")).contains("mail*");
		assertThat(all.entryOf("default")).contains("*");
	}

	@Test
	void looksForNamesAndForBeginningsThatNoOtherCovers() {
		assertThat(this.served.scope()).isEqualTo(new QueueScope(Set.of("mailers", "reports"), Set.of("mail")));
		assertThat(new ServedQueues(List.of("*", "mail*", "a")).scope())
			.isEqualTo(new QueueScope(Set.of("a"), Set.of("")));
	}

	@Test
	void tellsWhetherAQueueMayBeServedOfWhichOnlyTheBeginningIsKnown() {
		assertThat(List.of("", "m", "mail", "mail-eu-1", "mailers", "rep")).allMatch(this.served::mayServe);
		assertThat(List.of("tenant-", "reports-", "x")).noneMatch(this.served::mayServe);
		assertThat(new ServedQueues(List.of("*")).mayServe("tenant-")).isTrue();
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "*mail", "a*b", "mail**", "**", "-mail*", "a queue", "mail?", "mail*\n" })
	void refusesWhatIsNeitherANameNorABeginning(String entry) {
		assertThatExceptionOfType(InvalidJobException.class).isThrownBy(() -> new ServedQueues(List.of(entry)))
			.withMessageContaining("asterisk");
	}

}
