package io.jobstarter.sample.replay;

/**
 * A payload to post.
 *
 * @param event the name of its event
 * @param json its text
 */
record Payload(String event, String json) {
}
