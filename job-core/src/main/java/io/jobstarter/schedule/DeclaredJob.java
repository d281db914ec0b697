package io.jobstarter.schedule;

import io.jobstarter.RecurringDefinition;
import io.jobstarter.RecurringSource;

/**
 * A recurring job that this node declares.
 *
 * @param definition what it is
 * @param source where it is declared
 */
public record DeclaredJob(RecurringDefinition definition, RecurringSource source) {
}
