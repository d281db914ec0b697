/**
 * Much of everything: retries after an outage, backlogs, old snapshots, old rows, large
 * payloads and messages.
 */
@NullMarked
package io.jobstarter.faults.load;

import org.jspecify.annotations.NullMarked;
