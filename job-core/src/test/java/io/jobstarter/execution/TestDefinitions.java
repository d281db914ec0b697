package io.jobstarter.execution;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;

import io.jobstarter.DiscardOn;
import io.jobstarter.JobId;
import io.jobstarter.RetryOn;
import io.jobstarter.handler.JobDefinition;
import io.jobstarter.handler.JobInvoker;
import io.jobstarter.handler.JobPolicies;

import org.springframework.core.annotation.AnnotatedElementUtils;

/**
 * Definitions and attempts, made by hand.
 */
final class TestDefinitions {

	static final String NAME = "greet";

	private TestDefinitions() {
	}

	static JobDefinition calling(JobInvoker invoker) {
		return withRulesOf(Object.class, invoker);
	}

	static JobDefinition withRulesOf(Class<?> annotated, JobInvoker invoker) {
		return new JobDefinition(NAME, Set.of(), "the test's handler", Greeting.class, "default", 0,
				Duration.ofSeconds(30), false, true,
				List.copyOf(AnnotatedElementUtils.findMergedRepeatableAnnotations(annotated, RetryOn.class)),
				List.copyOf(AnnotatedElementUtils.findAllMergedAnnotations(annotated, DiscardOn.class)), invoker);
	}

	static JobDefinition transactional(JobDefinition definition) {
		return new JobDefinition(definition.name(), definition.aliases(), definition.source(), definition.payloadType(),
				definition.queue(), definition.priority(), definition.timeout(), true, definition.deadLetter(),
				definition.retryOn(), definition.discardOn(), definition.policies(), definition.invoker());
	}

	static JobDefinition withoutDeadLetter(JobDefinition definition) {
		return new JobDefinition(definition.name(), definition.aliases(), definition.source(), definition.payloadType(),
				definition.queue(), definition.priority(), definition.timeout(), definition.transactional(), false,
				definition.retryOn(), definition.discardOn(), definition.policies(), definition.invoker());
	}

	static JobDefinition withoutPayload(JobDefinition definition) {
		return new JobDefinition(definition.name(), definition.aliases(), definition.source(), null, definition.queue(),
				definition.priority(), definition.timeout(), definition.transactional(), definition.deadLetter(),
				definition.retryOn(), definition.discardOn(), definition.policies(), definition.invoker());
	}

	static JobDefinition withPolicies(JobDefinition definition, JobPolicies policies) {
		return new JobDefinition(definition.name(), definition.aliases(), definition.source(), definition.payloadType(),
				definition.queue(), definition.priority(), definition.timeout(), definition.transactional(),
				definition.deadLetter(), definition.retryOn(), definition.discardOn(), policies, definition.invoker());
	}

	static AttemptContext context() {
		return new AttemptContext(
				new AttemptContext.Facts(new JobId(42), NAME, "default", 1, Instant.parse("2030-01-01T12:00:00Z"),
						Instant.parse("2030-01-01T12:00:01Z"), Map.of("tenant", "blue"), List.of("tag"), "key"));
	}

	/**
	 * A payload.
	 *
	 * @param name whom to greet
	 */
	record Greeting(String name) {
	}

}
