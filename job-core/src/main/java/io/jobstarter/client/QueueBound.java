package io.jobstarter.client;

/**
 * How many ready jobs a queue may hold before no more are taken.
 *
 * @param maxDepth how many
 * @param onFull what to do with further ones
 */
public record QueueBound(long maxDepth, OnFull onFull) {
}
