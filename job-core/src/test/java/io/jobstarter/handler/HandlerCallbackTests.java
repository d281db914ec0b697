package io.jobstarter.handler;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import io.jobstarter.BackgroundJob;
import io.jobstarter.DeadLetter;
import io.jobstarter.DeadReason;
import io.jobstarter.JobAttempt;
import io.jobstarter.JobFailure;
import io.jobstarter.JobHandler;
import io.jobstarter.JobId;
import io.jobstarter.JobOutcome;
import io.jobstarter.OnDead;
import io.jobstarter.OnDiscard;
import io.jobstarter.execution.AttemptContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.aop.framework.ProxyFactory;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.stereotype.Component;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests of how handlers declare that they want to hear of the ends of their jobs.
 */
class HandlerCallbackTests {

	private static final List<Object> CALLS = new ArrayList<>();

	private static final JobFailure FAILURE = new JobFailure("x.Broken", "broken", "");

	private static final DeadLetter LETTER = new DeadLetter(new JobId(7), "order", "default", 0, DeadReason.EXHAUSTED,
			FAILURE, "ab", 1, 0, Instant.EPOCH, Instant.EPOCH, Instant.EPOCH, null, List.of(), Map.of(), "{}", null,
			null);

	private static final JobOutcome.Discarded DISCARDED = new JobOutcome.Discarded("why", null);

	private final JobAttempt attempt = new AttemptContext(new AttemptContext.Facts(new JobId(1), "any", "default", 1,
			Instant.EPOCH, Instant.EPOCH, Map.of(), List.of(), "key"));

	private final AnnotationConfigApplicationContext context = new AnnotationConfigApplicationContext();

	@BeforeEach
	void reset() {
		CALLS.clear();
	}

	@AfterEach
	void close() {
		this.context.close();
	}

	private HandlerRegistry scan(Class<?>... beans) {
		this.context.register(beans);
		this.context.refresh();
		HandlerScanner scanner = new HandlerScanner(this.context.getBeanFactory(), new JobDefaults("default", null),
				Map.of());
		HandlerRegistry registry = scanner.scan();
		scanner.verify(registry);
		return registry;
	}

	private JobCallbacks callbacks(Class<?>... beans) {
		return callbacks(scan(beans), "order");
	}

	private static JobCallbacks callbacks(HandlerRegistry registry, String name) {
		return registry.byName(name).orElseThrow().invoker().callbacks();
	}

	public record Order(int number) {
	}

	@BackgroundJob
	static class Plain implements JobHandler<Order> {

		@Override
		public void handle(Order order, JobAttempt attempt) {
		}

	}

	@BackgroundJob
	static class Hearing implements JobHandler<Order> {

		@Override
		public void handle(Order order, JobAttempt attempt) {
		}

		@Override
		public void onDead(Order order, DeadLetter letter) {
			CALLS.add(List.of(order, letter.id()));
		}

		@Override
		public void onDiscard(Order order, JobAttempt attempt, JobOutcome.Discarded outcome) {
			CALLS.add(List.of(order, outcome.reason()));
		}

	}

	@BackgroundJob
	static class Inheriting extends Hearing {

	}

	@Test
	void aHandlerThatOverridesNothingHearsNothing() {
		JobCallbacks callbacks = callbacks(Plain.class);
		assertThat(callbacks.hearsOfDeath()).isFalse();
		assertThat(callbacks.hearsOfDiscard()).isFalse();
	}

	@Test
	void aHandlerBehindAProxyOfItsInterfaceHearsNothingThatItDoesNotOverride() {
		JobCallbacks callbacks = callbacks(Plain.class, Proxies.class);
		assertThat(callbacks.hearsOfDeath()).isFalse();
		assertThat(callbacks.hearsOfDiscard()).isFalse();
	}

	@ParameterizedTest
	@ValueSource(classes = { Hearing.class, Inheriting.class, DeclaredAsInterface.class })
	void aHandlerHearsWhatItOverrides(Class<?> bean) throws Exception {
		assertHears(callbacks(bean));
	}

	@Test
	void aHandlerBehindAProxyOfItsInterfaceHears() throws Exception {
		assertHears(callbacks(Hearing.class, Proxies.class));
	}

	private void assertHears(JobCallbacks callbacks) throws Exception {
		assertThat(callbacks.hearsOfDeath()).isTrue();
		assertThat(callbacks.hearsOfDiscard()).isTrue();
		callbacks.onDead(new Order(1), LETTER);
		callbacks.onDiscard(new Order(2), this.attempt, DISCARDED);
		assertThat(CALLS).containsExactly(List.of(new Order(1), new JobId(7)), List.of(new Order(2), "why"));
	}

	@Configuration(proxyBeanMethods = false)
	static class DeclaredAsInterface {

		@Bean
		@BackgroundJob
		JobHandler<Order> orders() {
			return new Hearing();
		}

	}

	static class Proxies implements BeanPostProcessor {

		@Override
		public Object postProcessAfterInitialization(Object bean, String name) {
			return (bean instanceof JobHandler<?>) ? new ProxyFactory(bean).getProxy() : bean;
		}

	}

	@Component
	static class Methods {

		@BackgroundJob(name = "order")
		void place(Order order) {
		}

		@BackgroundJob
		void nightly() {
		}

		@OnDead
		void failed(Order order, JobFailure failure, DeadLetter letter) {
			CALLS.add(List.of(order, failure.message(), letter.id()));
		}

		@OnDiscard
		void discarded(JobOutcome.Discarded outcome, Order order) {
			CALLS.add(List.of(outcome.reason(), order));
		}

		@OnDead
		void nightlyFailed() throws Exception {
			throw new java.io.IOException("as it is");
		}

	}

	@Test
	void aMethodHearsOfTheHandlersOfItsBeanThatTakeItsPayload() throws Exception {
		HandlerRegistry registry = scan(Methods.class);
		JobCallbacks order = callbacks(registry, "order");
		assertThat(order.hearsOfDeath()).isTrue();
		order.onDead(new Order(1), LETTER);
		order.onDiscard(new Order(2), this.attempt, DISCARDED);
		assertThat(CALLS).containsExactly(List.of(new Order(1), "broken", new JobId(7)), List.of("why", new Order(2)));
		JobCallbacks nightly = callbacks(registry, "nightly");
		assertThat(nightly.hearsOfDiscard()).isFalse();
		assertThatExceptionOfType(java.io.IOException.class).isThrownBy(() -> nightly.onDead(null, LETTER))
			.withMessage("as it is");
	}

	@Component
	static class Stray {

		@OnDead
		void failed(Order order) {
		}

	}

	@BackgroundJob
	static class BesideAHandler extends Plain {

		@OnDiscard
		void discarded(Order order) {
		}

	}

	@Component
	static class Twice {

		@BackgroundJob
		void place(Order order) {
		}

		@OnDead
		void one(Order order) {
		}

		@OnDead
		void two(Order order, DeadLetter letter) {
		}

	}

	@Component
	static class TooMany {

		@BackgroundJob
		void place(Order order) {
		}

		@OnDead
		void failed(Order order, JobAttempt attempt) {
		}

	}

	@Component
	static class Hidden {

		@BackgroundJob
		void place(Order order) {
		}

		@OnDead
		private void failed(Order order) {
		}

	}

	@Test
	void refusesACallbackThatWouldNeverBeCalled() {
		assertRefused("belongs to no @BackgroundJob method of its bean: none takes " + Order.class.getName(),
				Stray.class);
	}

	@Test
	void refusesACallbackMethodOfAJobHandler() {
		assertRefused("The @OnDiscard method", BesideAHandler.class);
	}

	@Test
	void refusesTwoCallbacksForTheSamePayload() {
		assertRefused("Two @OnDead methods take the same payload", Twice.class);
	}

	@Test
	void refusesParametersThatThereAreNot() {
		assertRefused("takes too many parameters", TooMany.class);
	}

	@Test
	void refusesACallbackThatAProxyWouldMiss() {
		assertRefused("is private or static", Hidden.class);
	}

	private void assertRefused(String message, Class<?> bean) {
		assertThatExceptionOfType(InvalidHandlerException.class).isThrownBy(() -> scan(bean))
			.withMessageContaining(message);
	}

}
