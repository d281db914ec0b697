package io.jobstarter.sample;

import java.util.List;
import java.util.UUID;

import io.jobstarter.DeadLetter;
import io.jobstarter.DeadLetterFilter;
import io.jobstarter.JobFilter;
import io.jobstarter.JobId;
import io.jobstarter.JobInfo;
import io.jobstarter.JobOperations;
import io.jobstarter.JobState;

import org.springframework.boot.test.context.TestComponent;

import static org.awaitility.Awaitility.await;

/**
 * Looks at the jobs of the application.
 */
@TestComponent
public class SampleJobs {

	private final JobOperations operations;

	SampleJobs(JobOperations operations) {
		this.operations = operations;
	}

	public List<JobInfo> unfinished() {
		return this.operations
			.find(JobFilter.in(JobState.SCHEDULED, JobState.READY, JobState.BLOCKED, JobState.RUNNING), null, 200)
			.items();
	}

	public JobId newest() {
		List<JobInfo> page = this.operations.find(JobFilter.ALL, null, 1).items();
		return page.isEmpty() ? JobId.NONE : page.get(0).id();
	}

	public List<JobInfo> of(String name, JobState state) {
		return this.operations.find(JobFilter.in(state).withName(name), null, 200).items();
	}

	/**
	 * Waits for a job of a delivery to die.
	 * @param deliveryId the delivery's id
	 * @return the dead letter
	 */
	public DeadLetter awaitDeadLetter(UUID deliveryId) {
		return await().until(() -> deadLetters(deliveryId), (letters) -> letters.size() == 1).get(0);
	}

	public List<DeadLetter> deadLetters(UUID deliveryId) {
		return this.operations.deadLetters(DeadLetterFilter.OPEN, null, 200)
			.items()
			.stream()
			.filter((letter) -> letter.payload().contains(deliveryId.toString()))
			.toList();
	}

	public JobId retry(DeadLetter letter) {
		return this.operations.retry(letter.id());
	}

	public JobInfo find(JobId id) {
		return this.operations.find(id).orElseThrow();
	}

}
