package io.jobstarter.boot4app;

import java.util.concurrent.CompletableFuture;

import io.jobstarter.JobClient;
import io.jobstarter.JobId;
import org.junit.jupiter.api.Test;

import org.springframework.jdbc.core.simple.JdbcClient;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Tests that an application which is stopped lets its running jobs end, and leaves the
 * others to the other nodes.
 */
class ShutdownTests {

	private final OwnDatabase database = OwnDatabase.postgres();

	private final JdbcClient client = this.database.client();

	@Test
	void waitsForRunningJobsAndStartsNoOther() {
		RunningApp app = RunningApp.start(this.database);
		AfterTheOrder handlers = app.bean(AfterTheOrder.class);
		JobId running = app.bean(JobClient.class).enqueue(new PackParcel(1)).id();
		await().until(handlers::isPacking);
		JobId waiting = app.bean(JobClient.class).enqueue(new PackParcel(2)).id();
		CompletableFuture<Void> stopped = CompletableFuture.runAsync(app::close);
		await().until(() -> count("select count(*) from background_job_worker where stopping") == 1);
		assertThat(stopped).isNotDone();
		handlers.parcelIsPacked();
		stopped.join();
		assertThat(count("select count(*) from background_job_history where state = 'SUCCEEDED' and attempts = 0"
				+ " and id = " + running))
			.isOne();
		assertThat(count("select count(*) from background_job_job where worker is null and id = " + waiting)).isOne();
		assertThat(count("select count(*) from background_job_worker")).isZero();
	}

	private long count(String sql) {
		return this.client.sql(sql).query(Long.class).single();
	}

}
