package io.jobstarter.store;

/**
 * A line of ready jobs that are claimed in the order of their positions.
 *
 * @param queue the queue
 * @param priority the priority
 * @param front whether it is the line of jobs that came back, which goes first
 */
public record Lane(String queue, int priority, boolean front) {
}
