package io.jobstarter.client;

/**
 * How many ready jobs a queue may hold before no more are taken.
 *
 * @param entry the entry of the configuration that says so
 * @param maxDepth how many
 * @param onFull what to do with further ones
 */
public record QueueBound(String entry, long maxDepth, OnFull onFull) {
}
