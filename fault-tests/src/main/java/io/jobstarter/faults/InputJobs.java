package io.jobstarter.faults;

import io.jobstarter.BackgroundJob;
import io.jobstarter.JobAttempt;
import org.jspecify.annotations.Nullable;

import org.springframework.stereotype.Component;

/**
 * Jobs whose payloads leave much room for what somebody plants.
 */
@Component
public class InputJobs {

	private final Ledger ledger;

	InputJobs(Ledger ledger) {
		this.ledger = ledger;
	}

	/**
	 * Notes that it ran.
	 *
	 * @param number which job it is
	 * @param extra anything
	 */
	public record Note(int number, @Nullable Object extra) {
	}

	@BackgroundJob
	void note(Note note, JobAttempt attempt) {
		this.ledger.started(note.number(), attempt);
	}

}
