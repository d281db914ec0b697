package io.jobstarter.autoconfigure;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Flow;
import java.util.concurrent.SubmissionPublisher;

import com.fasterxml.jackson.annotation.JsonTypeInfo;
import io.github.resilience4j.circuitbreaker.CircuitBreakerRegistry;
import io.github.resilience4j.retry.RetryConfig;
import io.github.resilience4j.retry.RetryRegistry;
import io.jobstarter.BackgroundJob;
import io.jobstarter.JobAttempt;
import io.jobstarter.JobHandler;
import io.jobstarter.OnDead;
import io.jobstarter.Recurring;
import io.jobstarter.RetryOn;

import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Scope;
import org.springframework.scheduling.annotation.Async;

/**
 * Handlers that cannot work, for {@link HandlerMistakes}.
 */
final class BadHandlers {

	private BadHandlers() {
	}

	interface Sendable {

	}

	record Send() implements Sendable {
	}

	record SendMore() {
	}

	@SuppressWarnings("checkstyle:TypeName")
	record Send_Mail() {
	}

	record Batch<T>(List<T> items) {
	}

	record NamesClasses(@JsonTypeInfo(use = JsonTypeInfo.Id.CLASS) Sendable what) {
	}

	static final class Opaque {

		private final String text;

		Opaque(String text, Object... arguments) {
			this.text = text.formatted(arguments);
		}

		Opaque(String text, int length) {
			this.text = text.substring(0, length);
		}

		@Override
		public String toString() {
			return this.text;
		}

	}

	@BackgroundJob
	static class Idle {

	}

	@BackgroundJob
	@SuppressWarnings("rawtypes")
	static class NoPayload implements JobHandler {

		@Override
		public void handle(Object payload, JobAttempt attempt) {
		}

	}

	static class TextPayload {

		@BackgroundJob
		void send(String text) {
		}

	}

	static class InterfacePayload {

		@BackgroundJob
		void send(Sendable payload) {
		}

	}

	static class GenericPayload {

		@BackgroundJob
		void send(Batch<String> payload) {
		}

	}

	static class InnerPayload {

		@BackgroundJob
		void send(Send payload) {
		}

		class Send {

			String to = InnerPayload.this.toString();

		}

	}

	static class OpaquePayload {

		@BackgroundJob
		void send(Opaque payload) {
		}

	}

	static class ClassNamingPayload {

		@BackgroundJob
		void send(NamesClasses payload) {
		}

	}

	static class PrivateMethod {

		@BackgroundJob
		private void send(Send payload) {
		}

	}

	static class StaticMethod {

		@BackgroundJob
		static void send(Send payload) {
		}

	}

	static class ReturnsFuture {

		@BackgroundJob
		CompletableFuture<Void> send(Send payload) {
			return CompletableFuture.completedFuture(null);
		}

	}

	static class ReturnsPublisher {

		@BackgroundJob
		Flow.Publisher<String> send(Send payload) {
			return new SubmissionPublisher<>();
		}

	}

	@Scope("request")
	static class OfRequest {

		@BackgroundJob
		void send(Send payload) {
		}

	}

	static class AsyncMethod {

		@Async
		@BackgroundJob
		void send(Send payload) {
		}

	}

	@Async
	@BackgroundJob
	static class AsyncClass implements JobHandler<Send> {

		@Override
		public void handle(Send payload, JobAttempt attempt) {
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

		@BackgroundJob
		void one(Send payload) {
		}

		@BackgroundJob(aliases = "send")
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

	static class BadPayloadName {

		@BackgroundJob
		void send(Send_Mail payload) {
		}

	}

	static class BadQueue {

		@BackgroundJob(queue = "high priority")
		void send(Send payload) {
		}

	}

	static class UndefinedPlaceholder {

		@BackgroundJob(queue = "${mail.queue}")
		void send(Send payload) {
		}

	}

	static class BadTimeout {

		@BackgroundJob(timeout = "a while")
		void send(Send payload) {
		}

	}

	static class ZeroTimeout {

		@BackgroundJob(timeout = "0s")
		void send(Send payload) {
		}

	}

	static class BadPriority {

		@BackgroundJob(priority = 40_000)
		void send(Send payload) {
		}

	}

	static class Renamed {

		@BackgroundJob(aliases = "post-mail")
		void send(Send payload) {
		}

	}

	static class NoTimeToGoOn {

		@BackgroundJob
		@RetryOn(value = IOException.class, giveUpAfter = "0s")
		void send(Send payload) {
		}

	}

	static class MisspelledRetry {

		@BackgroundJob(retry = "mial")
		void send(Send payload) {
		}

	}

	static class UnknownRateLimiter {

		@BackgroundJob(rateLimiter = "outbound")
		void send(Send payload) {
		}

	}

	static class KeyWithoutBreaker {

		@BackgroundJob(circuitBreakerKey = "#{payload.to()}")
		void send(Send payload) {
		}

	}

	static class KeyThatChoosesNothing {

		@BackgroundJob(circuitBreaker = "smtp", circuitBreakerKey = "payload.to()")
		void send(Send payload) {
		}

	}

	/**
	 * Has a retry, and a configuration to make others from.
	 */
	@Configuration(proxyBeanMethods = false)
	static class Retries {

		@Bean
		RetryRegistry retries() {
			RetryRegistry registry = RetryRegistry.ofDefaults();
			registry.retry("mail");
			registry.addConfiguration("mial-template", RetryConfig.ofDefaults());
			return registry;
		}

	}

	static class NamesATemplate {

		@BackgroundJob(retry = "mial-template")
		void send(Send payload) {
		}

	}

	static class NoAttempt {

		@BackgroundJob
		@RetryOn(value = IOException.class, maxAttempts = 0)
		void send(Send payload) {
		}

	}

	static class TooMuchJitter {

		@BackgroundJob
		@RetryOn(value = IOException.class, jitter = 2)
		void send(Send payload) {
		}

	}

	static class BadDelay {

		@BackgroundJob
		@RetryOn(value = IOException.class, delay = "three seconds")
		void send(Send payload) {
		}

	}

	static class NegativeDelay {

		@BackgroundJob
		@RetryOn(value = IOException.class, delay = "PT-5S")
		void send(Send payload) {
		}

	}

	static class LongDelay {

		@BackgroundJob
		@RetryOn(value = IOException.class, delay = "2h")
		void send(Send payload) {
		}

	}

	record Other() {
	}

	static class StrayCallback {

		@BackgroundJob
		void send(Send payload) {
		}

		@OnDead
		void failed(Other payload) {
		}

	}

	static class TwoCallbacks {

		@BackgroundJob
		void send(Send payload) {
		}

		@OnDead
		void one(Send payload) {
		}

		@OnDead
		void two(Send payload) {
		}

	}

	static class LongCallback {

		@BackgroundJob
		void send(Send payload) {
		}

		@OnDead
		void failed(Send payload, JobAttempt attempt) {
		}

	}

	static class TwoRules {

		@BackgroundJob
		@RetryOn(IOException.class)
		@RetryOn({ IOException.class, IllegalStateException.class })
		void send(Send payload) {
		}

	}

	static class MisspelledBreaker {

		@BackgroundJob(circuitBreaker = "smpt")
		void send(Send payload) {
		}

	}

	static class BreakerWithColon {

		@BackgroundJob(circuitBreaker = "smtp:eu")
		void send(Send payload) {
		}

	}

	static class ConstantBreakerKey {

		@BackgroundJob(circuitBreaker = "smtp", circuitBreakerKey = "tenant")
		void send(Send payload) {
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class Breakers {

		@Bean
		CircuitBreakerRegistry breakers() {
			CircuitBreakerRegistry registry = CircuitBreakerRegistry.ofDefaults();
			registry.circuitBreaker("smtp");
			registry.circuitBreaker("smtp:eu");
			return registry;
		}

	}

	static class BadSchedule {

		@BackgroundJob
		@Recurring("at full moon")
		void send() {
		}

	}

	static class NeverFires {

		@BackgroundJob
		@Recurring(cron = "0 0 30 2 *")
		void send() {
		}

	}

	static class NoSchedule {

		@BackgroundJob
		@Recurring
		void send() {
		}

	}

	static class TwoSchedules {

		@BackgroundJob
		@Recurring(value = "@daily", every = "1d")
		void send() {
		}

	}

	static class BadZone {

		@BackgroundJob
		@Recurring(value = "@daily", zone = "Europe/Berlim")
		void send() {
		}

	}

	static class BadInterval {

		@BackgroundJob
		@Recurring(every = "100ms")
		void send() {
		}

	}

	static class SameRecurring {

		@BackgroundJob
		@Recurring("@daily")
		@Recurring("@hourly")
		void send() {
		}

	}

	static class RecurringWithoutPayload {

		@BackgroundJob
		@Recurring("@daily")
		void send(Recipient recipient) {
		}

	}

	record Recipient(int number) {

		Recipient {
			if (number < 1) {
				throw new IllegalArgumentException("there is no such recipient");
			}
		}

	}

}
