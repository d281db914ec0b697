package io.jobstarter.shop;

import java.time.Duration;
import java.util.List;

import io.jobstarter.JobFilter;
import io.jobstarter.JobInfo;
import io.jobstarter.JobOperations;
import org.junit.jupiter.api.Test;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.test.annotation.Commit;
import org.springframework.test.context.transaction.AfterTransaction;
import org.springframework.transaction.annotation.Transactional;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * A test of the whole shop whose methods are transactions that are rolled back.
 */
@SpringBootTest(webEnvironment = WebEnvironment.NONE,
		properties = { "spring.datasource.url=jdbc:h2:mem:transactional-test;DB_CLOSE_DELAY=-1",
				"spring.autoconfigure.exclude=org.springframework.boot.autoconfigure.r2dbc.R2dbcAutoConfiguration",
				"spring.jpa.hibernate.ddl-auto=update" })
@Transactional
class TransactionalTestTests {

	@Autowired
	private Registration registration;

	@Autowired
	private JobOperations operations;

	@Autowired
	private Welcomed welcomed;

	@Test
	void seesTheJobThatItEnqueuedButDoesNotRunIt() {
		this.registration.register("rolled back");
		assertThat(unfinished()).singleElement().satisfies((job) -> assertThat(job.payload()).contains("rolled back"));
	}

	@Test
	@Commit
	void runsTheJobOfATestThatCommits() {
		this.registration.register("committed");
	}

	@AfterTransaction
	void whatIsCommittedRunsAndNothingElse() {
		await().atMost(Duration.ofSeconds(30)).until(this::unfinished, List::isEmpty);
		assertThat(this.welcomed.names()).doesNotContain("rolled back");
	}

	private List<JobInfo> unfinished() {
		return this.operations.find(JobFilter.ALL, null, 10)
			.items()
			.stream()
			.filter((job) -> job.finishedAt() == null)
			.toList();
	}

}
