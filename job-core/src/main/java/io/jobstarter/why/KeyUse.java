package io.jobstarter.why;

import io.jobstarter.JobId;
import io.jobstarter.JobLimits.KeyInfo;
import org.jspecify.annotations.Nullable;

/**
 * How the key stands that a job waits for.
 *
 * @param key the key, or {@code null} if nothing is known of it
 * @param ahead how many wait for it before the job
 * @param first the job whose turn it is, where it is an order
 */
record KeyUse(@Nullable KeyInfo key, int ahead, @Nullable JobId first) {

	static final KeyUse NONE = new KeyUse(null, 0, null);

}
