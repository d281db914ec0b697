package io.jobstarter.autoconfigure;

import java.util.concurrent.CompletableFuture;

import io.jobstarter.BackgroundJob;
import io.jobstarter.JobAttempt;
import io.jobstarter.JobHandler;
import io.jobstarter.RetryOn;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.context.PropertyPlaceholderAutoConfiguration;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests that handlers which cannot work stop the start and say what to do.
 */
class InvalidHandlerTests {

	private final ApplicationContextRunner application = Contexts.onH2();

	@Test
	void namesTheBeanThatHandlesNothing() {
		assertFailure(Idle.class, "Idle is annotated with @BackgroundJob but handles nothing",
				"Implement JobHandler<P>");
	}

	@Test
	void namesTheHandlerWhosePayloadIsNotKnown() {
		assertFailure(Raw.class, "Raw is not known", "Declare a record");
	}

	@Test
	void namesThePayloadThatIsNoClassOfTheApplication() {
		assertFailure(OfText.class, "OfText.send() is java.lang.String", "Declare a record");
	}

	@Test
	void namesThePayloadThatCannotBeInstantiated() {
		assertFailure(OfInterface.class, "OfInterface.send() is " + Sendable.class.getName(), "Declare a record");
	}

	@Test
	void namesTheMethodThatIsPrivate() {
		assertFailure(Private.class, "Private.send() is private or static", "not private");
	}

	@Test
	void namesTheMethodThatIsStatic() {
		assertFailure(Static.class, "Static.send() is private or static", "instance method");
	}

	@Test
	void namesTheMethodThatReturnsBeforeItsWorkIsDone() {
		assertFailure(Asynchronous.class, "Asynchronous.send() returns a " + CompletableFuture.class.getName(),
				"wait for the result inside");
	}

	@Test
	void namesTheMethodWithTwoPayloads() {
		assertFailure(TwoPayloads.class, "TwoPayloads.send() takes too many parameters", "takes one payload, or none");
	}

	@Test
	void namesTheMethodThatTakesTwoAttempts() {
		assertFailure(TwoAttempts.class, "TwoAttempts.send() takes too many parameters", "takes one payload, or none");
	}

	@Test
	void namesBothHandlersOfAName() {
		FailureAnalysis analysis = analysis(SameName.class);
		assertThat(analysis.getDescription()).contains("'send' belongs to two handlers", "SameName.one()",
				"SameName.two()");
		assertThat(analysis.getAction()).contains("@BackgroundJob(name = …)");
	}

	@Test
	void namesBothHandlersOfAnAlias() {
		FailureAnalysis analysis = analysis(SameAlias.class);
		assertThat(analysis.getDescription()).contains("'old-send' belongs to two handlers", "SameAlias.one()",
				"SameAlias.two()");
		assertThat(analysis.getAction()).contains("@BackgroundJob(name = …)");
	}

	@Test
	void namesBothHandlersOfAPayloadType() {
		FailureAnalysis analysis = analysis(SamePayload.class);
		assertThat(analysis.getDescription()).contains(Send.class.getName() + " has two handlers", "SamePayload.one()",
				"SamePayload.two()");
		assertThat(analysis.getAction()).contains("exactly one handler");
	}

	@Test
	void namesTheAnnotationWithABadName() {
		assertFailure(BadName.class, "BadName.send() is not valid: The job name 'Send Mail' does not match",
				"Correct the annotation");
	}

	@Test
	void namesTheAnnotationWithABadQueue() {
		assertFailure(BadQueue.class, "BadQueue.send() is not valid: The queue name 'two words' does not match",
				"Correct the annotation");
	}

	@Test
	void namesTheAnnotationWithABadTimeout() {
		assertFailure(BadTimeout.class, "BadTimeout.send() is not valid: 'a while' is not a duration",
				"Correct the annotation");
	}

	@Test
	void namesTheAnnotationWithABadPriority() {
		assertFailure(BadPriority.class, "BadPriority.send() is not valid: A priority is between -32768 and 32767",
				"Correct the annotation");
	}

	@Test
	void namesTheAnnotationWhosePlaceholderNobodyDefines() {
		FailureAnalysis analysis = StartFailures.analysisOf(this.application.withUserConfiguration(Unresolved.class)
			.withConfiguration(AutoConfigurations.of(PropertyPlaceholderAutoConfiguration.class)));
		assertThat(analysis.getDescription())
			.contains("Unresolved.send() is not valid: Could not resolve placeholder 'no.such.key'");
		assertThat(analysis.getAction()).contains("Correct the annotation");
	}

	@ParameterizedTest
	@CsvSource({ "BadRetryDelay, 'three seconds' is not a duration", "BadRetryCount, maxAttempts is at least 1",
			"BadRetryJitter, jitter is between 0 and 1" })
	void namesTheHandlerWithABadRetryRule(String type, String problem) throws ClassNotFoundException {
		Class<?> handler = Class.forName(InvalidHandlerTests.class.getName() + "$" + type);
		assertFailure(handler, type + ".send() is not valid: " + problem, "Correct the annotation");
	}

	@Test
	void namesTheConfiguredJobThatNothingHandles() {
		FailureAnalysis analysis = StartFailures.analysisOf(this.application.withUserConfiguration(Greetings.class)
			.withPropertyValues("background-jobs.jobs.great.queue=mail"));
		assertThat(analysis.getDescription())
			.contains("background-jobs.jobs.great configures a job that nothing handles");
		assertThat(analysis.getAction()).contains("Known jobs are [greet, linger, refuse]");
	}

	private void assertFailure(Class<?> handler, String problem, String remedy) {
		FailureAnalysis analysis = analysis(handler);
		assertThat(analysis.getDescription()).contains(problem);
		assertThat(analysis.getAction()).contains(remedy).endsWith(".");
	}

	private FailureAnalysis analysis(Class<?> handler) {
		return StartFailures.analysisOf(this.application.withUserConfiguration(handler));
	}

	interface Sendable {

	}

	record Send() implements Sendable {
	}

	record SendMore() {
	}

	@BackgroundJob
	static class Idle {

	}

	@BackgroundJob
	@SuppressWarnings("rawtypes")
	static class Raw implements JobHandler {

		@Override
		public void handle(Object payload, JobAttempt attempt) {
		}

	}

	static class OfText {

		@BackgroundJob
		void send(String text) {
		}

	}

	static class OfInterface {

		@BackgroundJob
		void send(Sendable payload) {
		}

	}

	static class Private {

		@BackgroundJob
		private void send(Send payload) {
		}

	}

	static class Static {

		@BackgroundJob
		static void send(Send payload) {
		}

	}

	static class Asynchronous {

		@BackgroundJob
		CompletableFuture<Void> send(Send payload) {
			return CompletableFuture.completedFuture(null);
		}

	}

	static class TwoPayloads {

		@BackgroundJob
		void send(Send payload, SendMore more) {
		}

	}

	static class TwoAttempts {

		@BackgroundJob
		void send(Send payload, JobAttempt attempt, JobAttempt another) {
		}

	}

	static class SameName {

		@BackgroundJob(name = "send")
		void one(Send payload) {
		}

		@BackgroundJob(name = "send")
		void two(SendMore payload) {
		}

	}

	static class SameAlias {

		@BackgroundJob(aliases = "old-send")
		void one(Send payload) {
		}

		@BackgroundJob(aliases = "old-send")
		void two(SendMore payload) {
		}

	}

	static class SamePayload {

		@BackgroundJob(name = "one")
		void one(Send payload) {
		}

		@BackgroundJob(name = "two")
		void two(Send payload) {
		}

	}

	static class BadName {

		@BackgroundJob(name = "Send Mail")
		void send(Send payload) {
		}

	}

	static class BadQueue {

		@BackgroundJob(queue = "two words")
		void send(Send payload) {
		}

	}

	static class BadTimeout {

		@BackgroundJob(timeout = "a while")
		void send(Send payload) {
		}

	}

	static class BadPriority {

		@BackgroundJob(priority = 40_000)
		void send(Send payload) {
		}

	}

	static class Unresolved {

		@BackgroundJob(queue = "${no.such.key}")
		void send(Send payload) {
		}

	}

	static class BadRetryDelay {

		@BackgroundJob
		@RetryOn(value = RuntimeException.class, delay = "three seconds")
		void send(Send payload) {
		}

	}

	static class BadRetryCount {

		@BackgroundJob
		@RetryOn(value = RuntimeException.class, maxAttempts = 0)
		void send(Send payload) {
		}

	}

	static class BadRetryJitter {

		@BackgroundJob
		@RetryOn(value = RuntimeException.class, jitter = 2)
		void send(Send payload) {
		}

	}

}
