package io.jobstarter.sample.projection;

import java.time.Instant;
import java.util.UUID;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class RevisionTests {

	private static final Instant EARLY = Instant.parse("2025-01-01T00:00:00Z");

	private static final Instant LATE = Instant.parse("2025-01-01T00:00:01Z");

	private static final UUID ONE = new UUID(0, 1);

	private static final UUID TWO = new UUID(0, 2);

	@Test
	void theLaterOneIsNewer() {
		assertNewer(new Revision(LATE, Revision.OPEN, ONE), new Revision(EARLY, Revision.CLOSED, TWO));
	}

	@Test
	void withinASecondTheMoreFinalOneIsNewer() {
		assertNewer(new Revision(EARLY, Revision.MERGED, ONE), new Revision(EARLY, Revision.CLOSED, TWO));
		assertNewer(new Revision(EARLY, Revision.CLOSED, ONE), new Revision(EARLY, Revision.OPEN, TWO));
	}

	@Test
	void whatIsGoneStaysGone() {
		assertNewer(new Revision(EARLY, Revision.GONE, ONE), new Revision(LATE, Revision.MERGED, TWO));
	}

	@Test
	void theSameWinsInEveryOrderWhenNothingElseDecides() {
		assertNewer(new Revision(EARLY, Revision.OPEN, TWO), new Revision(EARLY, Revision.OPEN, ONE));
	}

	@Test
	void noRevisionIsNewerThanItself() {
		Revision revision = new Revision(EARLY, Revision.OPEN, ONE);
		assertThat(revision.isNewerThan(new Revision(EARLY, Revision.OPEN, ONE))).isFalse();
	}

	private static void assertNewer(Revision newer, Revision older) {
		assertThat(newer.isNewerThan(older)).isTrue();
		assertThat(older.isNewerThan(newer)).isFalse();
	}

}
