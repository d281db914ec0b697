package io.jobstarter.observation;

import java.util.ArrayList;
import java.util.List;

import io.jobstarter.DeadReason;
import io.jobstarter.JobEvent;
import io.jobstarter.JobFailure;
import io.jobstarter.JobId;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests of {@link DeadLetterLog}.
 */
class DeadLetterLogTests {

	private final List<Runnable> later = new ArrayList<>();

	private final List<String> lines = new ArrayList<>();

	private final DeadLetterLog log = new DeadLetterLog(this.later::add, this.lines::add);

	private static JobEvent.DeadLettered letter(long id, String name, String fingerprint) {
		return new JobEvent.DeadLettered(new JobId(id), name, "mailers", DeadReason.EXHAUSTED, fingerprint,
				new JobFailure("java.io.IOException", "no such\nhost", ""));
	}

	@Test
	void tellsTheFirstOfAKindAtOnceAndHowManyMoreThereWere() {
		this.log.deadLettered(letter(1, "mail", "ab"));
		this.log.deadLettered(letter(2, "mail", "ab"));
		this.log.deadLettered(letter(3, "mail", "ab"));
		assertThat(this.lines).containsExactly("Dead letter: job 1 (mail, queue mailers) died of java.io.IOException "
				+ "(EXHAUSTED, ab): no such host");
		this.later.remove(0).run();
		assertThat(this.lines).hasSize(2)
			.last()
			.isEqualTo("Dead letters: 2 more of mail (ab) within a minute on this node");
		assertThat(this.later).isEmpty();
	}

	@Test
	void tellsEachKindAndBeginsAnewAfterTheMinute() {
		this.log.deadLettered(letter(1, "mail", "ab"));
		this.log.deadLettered(letter(2, "mail", "cd"));
		this.log.deadLettered(letter(3, "report", "ab"));
		assertThat(this.lines).hasSize(3);
		this.later.forEach(Runnable::run);
		assertThat(this.lines).hasSize(3);
		this.log.deadLettered(letter(4, "mail", "ab"));
		assertThat(this.lines).hasSize(4);
	}

	@Test
	void keepsNoMoreThanSoManyKindsInMind() {
		for (int i = 0; i < 1_000; i++) {
			this.log.deadLettered(letter(i + 1, "mail", "kind-" + i));
		}
		assertThat(this.lines).hasSize(201);
		this.later.forEach(Runnable::run);
		assertThat(this.lines).last().asString().contains("799 more of other jobs");
	}

	@Test
	void saysWhatIsLeftAtTheEnd() {
		this.log.deadLettered(letter(1, "mail", "ab"));
		this.log.deadLettered(letter(2, "mail", "ab"));
		this.log.close();
		assertThat(this.lines).last().asString().contains("1 more of mail");
	}

}
