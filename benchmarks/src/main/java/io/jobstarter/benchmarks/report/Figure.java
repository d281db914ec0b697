package io.jobstarter.benchmarks.report;

/**
 * A number that was measured in one round.
 *
 * @param scenario what was done
 * @param measure what was measured, with its unit
 * @param value the number
 */
public record Figure(String scenario, String measure, double value) {
}
