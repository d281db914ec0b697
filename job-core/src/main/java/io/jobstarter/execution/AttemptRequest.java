package io.jobstarter.execution;

import java.time.InstantSource;

import io.jobstarter.handler.JobDefinition;
import io.jobstarter.policy.RuleCounts;

/**
 * An attempt to make.
 *
 * @param definition the handler
 * @param payload the serialized payload
 * @param context what the handler sees
 * @param failuresBefore how many attempts have failed
 * @param ruleCounts how often each retry rule has decided
 * @param clock tells the time of the database
 */
public record AttemptRequest(JobDefinition definition, String payload, AttemptContext context, int failuresBefore,
		RuleCounts ruleCounts, InstantSource clock) {
}
