package io.jobstarter.store.jdbc;

import io.jobstarter.store.Lane;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

class StoredQueueTests {

	@Test
	void aShareIsReadAsItWasWritten() {
		for (int share = 0; share <= Lane.SHARES; share++) {
			Lane lane = new Lane("mailers", 5, false, share);
			assertThat(StoredQueue.lane(StoredQueue.of(lane), 5, false)).isEqualTo(lane);
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "mailers", "#7", "mailers#", "mailers#0", "mailers#07", "mailers#65", "mailers#1x",
			"mailers#100", "mailers#-1", "" })
	void whatIsNoShareIsPartOfAName(String planted) {
		assertThat(StoredQueue.shareOf(planted)).isZero();
		assertThat(StoredQueue.queueOf(planted)).isEqualTo(planted);
		assertThat(StoredQueue.of(StoredQueue.lane(planted, 0, false))).isEqualTo(planted);
	}

}
