package io.jobstarter.sample.delivery;

/**
 * The deliveries of one event, counted.
 *
 * @param event the name of the event
 * @param received how many are stored
 * @param processed how many were processed
 * @param ignored how many are of an event that we do not know
 * @param waiting how many are yet to be processed
 * @param duplicates how many redeliveries were recognised, and not stored again
 */
record EventSummary(String event, long received, long processed, long ignored, long waiting, long duplicates) {
}
