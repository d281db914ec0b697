package io.jobstarter.worker;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;

import io.jobstarter.worker.WorkerSettings.QueueSettings;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * A node whose queue grows while it runs.
 */
@Timeout(60)
class ElasticEngineTests {

	record Task(int number) {
	}

	@Test
	void aQueueGrowsBehindLongJobsUntilNoneWaits() {
		AtomicInteger running = new AtomicInteger();
		CountDownLatch mayEnd = new CountDownLatch(1);
		try (TestDatabase database = TestDatabase.h2();
				TestNode node = TestNode.on(database).handle(Task.class, (task, attempt) -> {
					running.incrementAndGet();
					mayEnd.await();
				}).queue("default", new QueueSettings(10, 1, 1, null)).start()) {
			assertThat(node.worker().health().slots()).isEqualTo(1);
			node.client().enqueueAll(IntStream.range(0, 2).mapToObj(Task::new).toList());
			await().until(() -> running.get() == 2);
			assertThat(node.worker().health().slots()).isEqualTo(2);
			mayEnd.countDown();
		}
	}

}
