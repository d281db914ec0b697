package io.jobstarter.worker;

import java.time.Duration;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class IdlePaceTests {

	private static final Duration SECOND = Duration.ofSeconds(1);

	private final IdlePace pace = new IdlePace(SECOND);

	@Test
	void staysAtThePollIntervalWhereNothingIsAnnounced() {
		seeNothing(10);
		assertThat(this.pace.interval()).isEqualTo(SECOND);
	}

	@Test
	void stretchesStepByStepUpToFivePollIntervalsWhereJobsAreAnnounced() {
		this.pace.announced(true);
		seeNothing(1);
		assertThat(this.pace.interval()).isEqualTo(SECOND.multipliedBy(2));
		seeNothing(1);
		assertThat(this.pace.interval()).isEqualTo(SECOND.multipliedBy(3));
		seeNothing(10);
		assertThat(this.pace.interval()).isEqualTo(SECOND.multipliedBy(5));
	}

	@Test
	void snapsBackWhenThereAreJobs() {
		this.pace.announced(true);
		seeNothing(10);
		this.pace.sawJobs();
		assertThat(this.pace.interval()).isEqualTo(SECOND);
	}

	@Test
	void snapsBackWhenAnnouncementsCeaseToArriveAndWhenTheyArriveAgain() {
		this.pace.announced(true);
		seeNothing(10);
		this.pace.announced(false);
		assertThat(this.pace.interval()).isEqualTo(SECOND);
		seeNothing(10);
		this.pace.announced(true);
		assertThat(this.pace.interval()).isEqualTo(SECOND);
	}

	private void seeNothing(int times) {
		for (int i = 0; i < times; i++) {
			this.pace.sawNothing();
		}
	}

}
