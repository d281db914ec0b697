package io.jobstarter.observation;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;

import io.jobstarter.DeadReason;
import io.jobstarter.JobEvent;
import io.jobstarter.JobFailure;
import io.jobstarter.JobId;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Tests of {@link DeadLetterNotifications}.
 */
@Timeout(30)
class DeadLetterNotificationsTests {

	private static JobEvent letter(long id) {
		return new JobEvent.DeadLettered(new JobId(id), "mail", "default", DeadReason.CRASH, "crash",
				new JobFailure("WorkerDied", "", ""));
	}

	@Test
	void tellsOfDeadLettersOnlyAndInTheirOrder() {
		List<Long> told = new CopyOnWriteArrayList<>();
		try (DeadLetterNotifications notifications = new DeadLetterNotifications(
				(letter) -> told.add(letter.id().value()))) {
			notifications.hear(letter(1));
			notifications.hear(new JobEvent.Enqueued(new JobId(2), "mail", "default"));
			notifications.hear(letter(3));
			await().until(() -> told.size() == 2);
		}
		assertThat(told).containsExactly(1L, 3L);
	}

	@Test
	void goesOnAfterANotifierThatThrows() {
		List<Long> told = new CopyOnWriteArrayList<>();
		try (DeadLetterNotifications notifications = new DeadLetterNotifications((letter) -> {
			told.add(letter.id().value());
			throw new StackOverflowError("of the notifier");
		})) {
			notifications.hear(letter(1));
			notifications.hear(letter(2));
			await().until(() -> told.size() == 2);
		}
	}

	@Test
	void doesNotWaitForANotifierThatHangs() {
		List<Long> told = new CopyOnWriteArrayList<>();
		CountDownLatch hangs = new CountDownLatch(1);
		try (DeadLetterNotifications notifications = new DeadLetterNotifications((letter) -> {
			told.add(letter.id().value());
			hangs.await();
		})) {
			for (int i = 1; i <= 5_000; i++) {
				notifications.hear(letter(i));
			}
			await().until(() -> !told.isEmpty());
			hangs.countDown();
			await().until(() -> told.size() >= 1_000);
		}
		assertThat(told).hasSizeLessThanOrEqualTo(1_001).startsWith(1L, 2L);
	}

}
