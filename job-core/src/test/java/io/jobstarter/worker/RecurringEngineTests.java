package io.jobstarter.worker;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

import io.jobstarter.JobEvent;
import io.jobstarter.Misfire;
import io.jobstarter.Overlap;
import io.jobstarter.RecurringDefinition;
import io.jobstarter.RecurringEvent;
import io.jobstarter.RecurringFire;
import io.jobstarter.schedule.Schedules;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Two nodes that both let a recurring job fire, until one is gone.
 */
@Timeout(60)
class RecurringEngineTests {

	private final Map<Instant, Integer> runs = new ConcurrentHashMap<>();

	record Report(String of) {
	}

	@Test
	void eachSecondRunsOnceOnWhicheverNodeAndGoesOnWithoutTheFirst() {
		try (TestDatabase database = TestDatabase.postgres();
				TestNode first = node(database);
				TestNode second = node(database)) {
			database.stores().recurringStore().put(everySecond(), new Schedules());
			database.stores().recurringStore().announce();
			await().until(() -> this.runs.size() >= 2);
			first.stop();
			int before = this.runs.size();
			await().until(() -> this.runs.size() >= before + 2);
			second.stop();
			List<Instant> fires = this.runs.keySet().stream().sorted().toList();
			assertThat(this.runs.values()).containsOnly(1);
			for (int i = 1; i < fires.size(); i++) {
				assertThat(fires.get(i)).isEqualTo(fires.get(i - 1).plusSeconds(1));
			}
			assertThat(
					first.events(RecurringEvent.Fired.class).size() + second.events(RecurringEvent.Fired.class).size())
				.isGreaterThanOrEqualTo(fires.size());
			assertThat(second.events(JobEvent.Enqueued.class)).isNotEmpty();
		}
	}

	private TestNode node(TestDatabase database) {
		return TestNode.on(database).handle(Report.class, (report, attempt) -> {
			RecurringFire fire = attempt.recurringFire();
			assertThat(fire).isNotNull();
			assertThat(fire.id()).isEqualTo("reports");
			this.runs.merge(fire.at(), 1, Integer::sum);
		}).start();
	}

	private static RecurringDefinition everySecond() {
		return new RecurringDefinition("reports", "every second", "UTC", "report", "{\"of\":\"today\"}", "default", 0,
				null, Misfire.ALL, Overlap.ALLOW, Duration.ZERO, null);
	}

}
