package io.jobstarter.handler;

import java.time.Duration;

import org.jspecify.annotations.Nullable;

/**
 * What holds for jobs that say nothing themselves.
 *
 * @param queue the queue
 * @param timeout how long an attempt may take, or {@code null} for as long as it likes
 */
public record JobDefaults(String queue, @Nullable Duration timeout) {
}
