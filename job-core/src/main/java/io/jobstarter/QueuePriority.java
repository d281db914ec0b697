package io.jobstarter;

import java.time.Instant;

import org.jspecify.annotations.Nullable;

/**
 * The jobs of one priority in a queue.
 *
 * @param priority the priority
 * @param oldestReadyAt when the oldest ready one was due, or {@code null} if all of them
 * run
 */
public record QueuePriority(int priority, @Nullable Instant oldestReadyAt) {
}
