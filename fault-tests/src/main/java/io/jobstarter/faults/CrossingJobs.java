package io.jobstarter.faults;

import io.jobstarter.BackgroundJob;
import io.jobstarter.JobAttempt;

import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.stereotype.Component;

/**
 * Jobs whose transactions get into each other's way.
 */
@Component
public class CrossingJobs {

	private static final String LOCK = "update crossing set met = met + 1 where id = ?";

	private final Ledger ledger;

	private final JdbcTemplate jdbc;

	CrossingJobs(Ledger ledger, JdbcTemplate jdbc) {
		this.ledger = ledger;
		this.jdbc = jdbc;
	}

	/**
	 * Changes two rows of the table {@code crossing}, with a pause in between.
	 *
	 * @param number which job it is
	 * @param first the row that it changes first
	 * @param second the other one
	 */
	public record Cross(int number, int first, int second) {
	}

	@BackgroundJob(transactional = true)
	void cross(Cross cross, JobAttempt attempt) throws InterruptedException {
		this.ledger.started(cross.number(), attempt);
		this.ledger.effect(cross.number(), attempt);
		this.jdbc.update(LOCK, cross.first());
		Jobs.take(300);
		this.jdbc.update(LOCK, cross.second());
	}

}
