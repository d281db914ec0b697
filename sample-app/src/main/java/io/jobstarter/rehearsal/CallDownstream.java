package io.jobstarter.rehearsal;

/**
 * Calls the downstream system.
 *
 * @param number the number of the call, in the order of the enqueues
 */
record CallDownstream(int number) {
}
