package io.jobstarter;

import java.time.Instant;
import java.util.List;

/**
 * Recurring jobs whose jobs become due within the same minute on one queue, more than it
 * runs at the same time.
 *
 * @param queue the queue
 * @param ids the recurring jobs, in order
 * @param first the first minute in which they meet
 * @param minutes in how many minutes they do, of the time that was looked at
 * @param concurrency how many jobs of the queue a node runs at the same time
 */
public record RecurringConflict(String queue, List<String> ids, Instant first, int minutes, int concurrency) {
}
