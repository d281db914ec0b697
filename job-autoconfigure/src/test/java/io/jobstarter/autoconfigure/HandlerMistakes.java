package io.jobstarter.autoconfigure;

import java.util.List;

import static io.jobstarter.autoconfigure.StartMistake.handler;

/**
 * Handlers that people get wrong.
 */
final class HandlerMistakes {

	private static final String CORRECT = "Correct the annotation, or what ";

	private HandlerMistakes() {
	}

	static List<StartMistake> inTheirMethods() {
		return List.of(
				handler("`@BackgroundJob` on a class that handles nothing", BadHandlers.Idle.class,
						"is annotated with @BackgroundJob but handles nothing", "Implement JobHandler<P>"),
				handler("A handler method that is private", BadHandlers.PrivateMethod.class,
						".send() is private or static", "Make it an instance method that is not private"),
				handler("A handler method that is static", BadHandlers.StaticMethod.class,
						".send() is private or static", "Make it an instance method that is not private"),
				handler("A handler method with two payloads", BadHandlers.TwoPayloads.class,
						".send() takes too many parameters", "takes one payload, or none"),
				handler("A handler method that takes two `JobAttempt`s", BadHandlers.TwoAttempts.class,
						".send() takes too many parameters", "takes one payload, or none"),
				handler("A handler method that returns a future", BadHandlers.ReturnsFuture.class,
						".send() returns a java.util.concurrent.CompletableFuture", "wait for the result inside"),
				handler("A handler method that returns a `Flow.Publisher`", BadHandlers.ReturnsPublisher.class,
						".send() returns a java.util.concurrent.Flow$Publisher", "wait for the result inside"),
				handler("A handler whose bean lives as long as a request", BadHandlers.OfRequest.class,
						"is a bean of the scope 'request'", "pass what it needs of a request in the payload"),
				handler("A handler method that is `@Async`", BadHandlers.AsyncMethod.class, ".send() is @Async",
						"Remove @Async"),
				handler("A handler class that is `@Async`", BadHandlers.AsyncClass.class, "is @Async", "Remove @Async"),
				handler("An `@OnDead` method without a handler", BadHandlers.StrayCallback.class,
						"StrayCallback.failed() belongs to no @BackgroundJob method of its bean: none takes "
								+ "io.jobstarter.autoconfigure.BadHandlers$Other",
						"Let it take the payload of a @BackgroundJob method of the same class"),
				handler("Two `@OnDead` methods for one payload", BadHandlers.TwoCallbacks.class,
						"Two @OnDead methods take the same payload", "Remove one of them"),
				handler("An `@OnDead` method with a parameter that there is not", BadHandlers.LongCallback.class,
						".failed() takes too many parameters", "optionally a DeadLetter and a JobFailure"));
	}

	static List<StartMistake> inTheirPayloads() {
		return List.of(
				handler("A handler class without a type argument", BadHandlers.NoPayload.class, "is not known",
						"Declare a record"),
				handler("A payload that is a `String`", BadHandlers.TextPayload.class, ".send() is java.lang.String",
						"Declare a record"),
				handler("A payload that is an interface", BadHandlers.InterfacePayload.class, "BadHandlers$Sendable",
						"Declare a record"),
				handler("A payload with type parameters", BadHandlers.GenericPayload.class,
						"BadHandlers$Batch, which has type parameters", "Declare a record without any"),
				handler("A payload that is an inner class", BadHandlers.InnerPayload.class,
						"InnerPayload$Send, which belongs to another object", "Make it a record or a static class"),
				handler("A payload with several constructors", BadHandlers.OpaquePayload.class,
						"BadHandlers$Opaque cannot be made from JSON", "Make it a record of plain values"),
				handler("A payload whose JSON would name classes", BadHandlers.ClassNamingPayload.class,
						"BadHandlers$NamesClasses is nothing that JSON can hold: A payload names no class",
						"Make it a record of plain values"),
				handler("Two handlers of one payload", BadHandlers.SamePayload.class, "has two handlers",
						"A payload type has exactly one handler"));
	}

	static List<StartMistake> inTheirAnnotations() {
		return List.of(
				handler("Two jobs with one name", BadHandlers.SameName.class, "'send' belongs to two handlers",
						"Give one of them another @BackgroundJob(name = …)")
					.and("SameName.one()", "SameName.two()"),
				handler("An alias that is the name of another job", BadHandlers.SameAlias.class,
						"'send' belongs to two handlers", "Give one of them another @BackgroundJob(name = …)"),
				handler("A name with a space", BadHandlers.BadName.class,
						"The job name 'Send Mail' does not match [a-z0-9][a-z0-9-]{0,99}", CORRECT),
				handler("A payload class whose name makes no job name", BadHandlers.BadPayloadName.class,
						"'Send_Mail' makes none: The job name 'send_mail' does not match",
						"Give it one, as in @BackgroundJob(name = \"send-mail\")"),
				handler("A queue with a space", BadHandlers.BadQueue.class,
						"The queue name 'high priority' does not match [A-Za-z0-9][A-Za-z0-9._-]{0,99}", CORRECT),
				handler("A queue from a placeholder that nobody defines", BadHandlers.UndefinedPlaceholder.class,
						"Could not resolve placeholder 'mail.queue'", CORRECT),
				handler("A timeout that is none", BadHandlers.BadTimeout.class,
						"'a while' is not a duration: write 500ms, 30s, 5m, 1h, 2d or PT30S", CORRECT),
				handler("A timeout of nothing", BadHandlers.ZeroTimeout.class,
						"A timeout is longer than 0 and at most 365 days, not PT0S", CORRECT),
				handler("A priority that is too high", BadHandlers.BadPriority.class,
						"between -32768 and 32767, not 40000", CORRECT),
				new StartMistake("Settings under a former name",
						List.of("background-jobs.jobs.post-mail", "former name"), "Its name is send now: use that",
						List.of("background-jobs.jobs.post-mail.queue=mailers"), List.of(BadHandlers.Renamed.class)));
	}

	static List<StartMistake> inTheirCircuitBreakers() {
		return List.of(
				new StartMistake("A circuit breaker whose name is misspelled",
						List.of(BadHandlers.MisspelledBreaker.class.getName(), "names the circuit breaker 'smpt'"),
						"Did you mean 'smtp'?", List.of(),
						List.of(BadHandlers.MisspelledBreaker.class, BadHandlers.Breakers.class)),
				handler("A circuit breaker where none is configured", BadHandlers.MisspelledBreaker.class,
						"which there is not", "Configure resilience4j.circuitbreaker.instances.smpt"),
				new StartMistake("A circuit breaker whose name has a colon",
						List.of(BadHandlers.BreakerWithColon.class.getName(), "'smtp:eu'"),
						"no colon, which separates the key", List.of(),
						List.of(BadHandlers.BreakerWithColon.class, BadHandlers.Breakers.class)),
				handler("A circuit breaker key that is no expression", BadHandlers.ConstantBreakerKey.class,
						"is the same for every payload", CORRECT));
	}

	static List<StartMistake> inTheirRetryRules() {
		return List.of(
				handler("`@RetryOn` without an attempt", BadHandlers.NoAttempt.class,
						"maxAttempts is at least 1, not 0", CORRECT),
				handler("`@RetryOn` with more jitter than wait", BadHandlers.TooMuchJitter.class,
						"jitter is between 0 and 1, not 2.0", CORRECT),
				handler("`@RetryOn` with a delay that is none", BadHandlers.BadDelay.class,
						"'three seconds' is not a duration", CORRECT),
				handler("`@RetryOn` with a negative delay", BadHandlers.NegativeDelay.class,
						"delay is PT-5S, but has to be between 0 and maxDelay (PT1H)", CORRECT),
				handler("`@RetryOn` with a delay above its longest", BadHandlers.LongDelay.class,
						"delay is PT2H, but has to be between 0 and maxDelay (PT1H)", CORRECT),
				handler("`@RetryOn` that gives up at once", BadHandlers.NoTimeToGoOn.class,
						"giveUpAfter is longer than 0 and at most 100 years, not 0s", CORRECT),
				handler("Two `@RetryOn` for one exception", BadHandlers.TwoRules.class,
						"Two @RetryOn are for java.io.IOException", CORRECT));
	}

	static List<StartMistake> inTheirPolicies() {
		String noResilience = "but the application has no Resilience4j to take it from";
		return List.of(
				new StartMistake("A retry instance whose name is misspelled",
						List.of("The job send (" + BadHandlers.MisspelledRetry.class.getName(),
								"names the retry 'mial', but there is none of that name"),
						"Did you mean 'mail'? Configure it under resilience4j.retry.instances.mial", List.of(),
						List.of(BadHandlers.MisspelledRetry.class, BadHandlers.Retries.class)),
				new StartMistake("A retry instance that is a shared configuration only",
						List.of("names the retry 'mial-template', but there is none of that name"),
						"add resilience4j.retry.instances.mial-template.base-config=mial-template", List.of(),
						List.of(BadHandlers.NamesATemplate.class, BadHandlers.Retries.class)),
				new StartMistake("`background-jobs.defaults.retry` with a name that there is not",
						List.of("The job greet (", "names the retry 'slow', but there is none of that name"),
						"Known ones are mail", List.of("background-jobs.defaults.retry=slow"),
						List.of(Greetings.class, BadHandlers.Retries.class)),
				handler("A retry instance without Resilience4j's starter", BadHandlers.MisspelledRetry.class,
						noResilience, "Add io.github.resilience4j:resilience4j-spring-boot3, or a bean"),
				handler("A rate limiter instance without Resilience4j's starter", BadHandlers.UnknownRateLimiter.class,
						noResilience, "a bean of the type RateLimiterRegistry, or name none"),
				handler("A circuit breaker's key without a circuit breaker", BadHandlers.KeyWithoutBreaker.class,
						"There is a circuitBreakerKey, but no circuitBreaker", CORRECT),
				handler("A circuit breaker's key that is the same for every payload",
						BadHandlers.KeyThatChoosesNothing.class, "The circuitBreakerKey 'payload.to()' is the same",
						CORRECT));
	}

}
