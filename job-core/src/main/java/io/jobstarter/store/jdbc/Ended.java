package io.jobstarter.store.jdbc;

import io.jobstarter.JobState;
import org.jspecify.annotations.Nullable;

/**
 * A job that is over, for the history.
 *
 * @param id its id
 * @param state how it ended
 * @param failed how many attempts failed with its end: 0 or 1
 * @param reason why, if there is more to say than the state
 */
record Ended(long id, JobState state, int failed, @Nullable String reason) {
}
