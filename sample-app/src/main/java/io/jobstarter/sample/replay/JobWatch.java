package io.jobstarter.sample.replay;

import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import io.jobstarter.DeadLetter;
import io.jobstarter.DeadLetterFilter;
import io.jobstarter.JobFilter;
import io.jobstarter.JobId;
import io.jobstarter.JobOperations;
import io.jobstarter.JobPage;
import io.jobstarter.JobState;

import org.springframework.stereotype.Component;

/**
 * Looks at the jobs through the admin API.
 */
@Component
class JobWatch {

	private static final Pattern DELIVERY_ID = Pattern.compile("\"deliveryId\"\\s*:\\s*\"([0-9a-f-]{36})\"");

	private final JobOperations operations;

	JobWatch(JobOperations operations) {
		this.operations = operations;
	}

	/**
	 * How many jobs wait or run.
	 * @return the number, at most {@link JobOperations#MAX_PAGE_SIZE}
	 */
	int unfinished() {
		JobFilter unfinished = JobFilter.in(JobState.SCHEDULED, JobState.READY, JobState.BLOCKED, JobState.RUNNING);
		return this.operations.find(unfinished, null, JobOperations.MAX_PAGE_SIZE).items().size();
	}

	/**
	 * The deliveries whose jobs are dead letters that nobody has resolved.
	 * @return the number of dead letters by delivery
	 */
	Map<UUID, Integer> deadDeliveries() {
		Map<UUID, Integer> dead = new HashMap<>();
		JobId before = null;
		do {
			JobPage<DeadLetter> page = this.operations.deadLetters(DeadLetterFilter.OPEN, before,
					JobOperations.MAX_PAGE_SIZE);
			for (DeadLetter letter : page.items()) {
				Matcher id = DELIVERY_ID.matcher(letter.payload());
				if (id.find()) {
					dead.merge(UUID.fromString(id.group(1)), 1, Integer::sum);
				}
			}
			before = page.next();
		}
		while (before != null);
		return dead;
	}

}
