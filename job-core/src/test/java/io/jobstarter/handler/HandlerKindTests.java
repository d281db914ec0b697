package io.jobstarter.handler;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Flow;
import java.util.concurrent.Future;
import java.util.stream.Stream;

import io.jobstarter.BackgroundJob;
import io.jobstarter.JobAttempt;
import io.jobstarter.JobHandler;
import io.jobstarter.JobId;
import io.jobstarter.execution.AttemptContext;
import org.assertj.core.api.ThrowableAssertAlternative;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

import org.springframework.beans.factory.FactoryBean;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Scope;
import org.springframework.context.annotation.ScopedProxyMode;
import org.springframework.context.support.SimpleThreadScope;
import org.springframework.core.annotation.AliasFor;
import org.springframework.scheduling.annotation.Async;
import org.springframework.stereotype.Component;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests of the ways in which handlers and payloads are declared: through generics,
 * inheritance and annotations of one's own; and of the ways that cannot work.
 */
class HandlerKindTests {

	private static final JobDefaults DEFAULTS = new JobDefaults("default", null);

	/** What was called, with what. */
	private static final List<Object> CALLS = new ArrayList<>();

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

	@Test
	void findsThePayloadsOfTwoHandlersWithAGenericBaseClass() throws Exception {
		HandlerRegistry registry = scan(OnOrderPlaced.class, OnOrderPaid.class);
		call(registry, new OrderPlaced(1));
		call(registry, new Events.OrderPaid(2));
		assertThat(CALLS).containsExactly("placed", new OrderPlaced(1), "paid", new Events.OrderPaid(2));
		assertThat(registry.names()).containsExactlyInAnyOrder("order-placed", "order-paid");
	}

	@Test
	void takesTheAnnotationOfABaseClass() throws Exception {
		HandlerRegistry registry = scan(ByBaseClass.class);
		assertThat(definitionOf(registry, OrderPlaced.class).queue()).hasToString("base");
		call(registry, new OrderPlaced(1));
		assertThat(CALLS).containsExactly(new OrderPlaced(1));
	}

	@Test
	void findsAnAnnotatedMethodOfABaseClassOnce() throws Exception {
		HandlerRegistry registry = scan(Inheriting.class);
		call(registry, new OrderPlaced(1));
		assertThat(registry.definitions()).hasSize(1);
		assertThat(CALLS).containsExactly("base", new OrderPlaced(1));
	}

	@Test
	void findsAnOverriddenMethodOnceAndCallsTheOverridingOne() throws Exception {
		HandlerRegistry registry = scan(Overriding.class);
		call(registry, new OrderPlaced(1));
		assertThat(registry.definitions()).hasSize(1);
		assertThat(definitionOf(registry, OrderPlaced.class).queue()).hasToString("by-base");
		assertThat(CALLS).containsExactly("overriding", new OrderPlaced(1));
	}

	@Test
	void theAnnotationOfAnOverridingMethodGoesFirst() {
		assertThat(definitionOf(scan(OverridingWithAnnotation.class), OrderPlaced.class).queue()).hasToString("by-sub");
	}

	@Test
	void findsAnAnnotatedMethodOfAGenericBaseClassThatIsOverridden() throws Exception {
		HandlerRegistry registry = scan(OverridingGeneric.class);
		call(registry, new OrderPlaced(1));
		assertThat(registry.definitions()).hasSize(1);
		assertThat(CALLS).containsExactly("generic", new OrderPlaced(1));
	}

	@Test
	void findsADefaultMethodOfAnInterface() throws Exception {
		HandlerRegistry registry = scan(WithDefault.class);
		call(registry, new OrderPlaced(1));
		assertThat(CALLS).containsExactly("default", new OrderPlaced(1));
	}

	@Test
	void findsAnAnnotatedHandleMethod() throws Exception {
		HandlerRegistry registry = scan(AnnotatedHandle.class);
		call(registry, new OrderPlaced(1));
		assertThat(registry.definitions()).hasSize(1);
		assertThat(CALLS).containsExactly("handle", new OrderPlaced(1));
	}

	@Test
	void takesABoundOfAGenericMethodForItsPayload() throws Exception {
		HandlerRegistry registry = scan(GenericMethod.class);
		call(registry, new OrderPlaced(1));
		assertThat(CALLS).containsExactly("generic method", new OrderPlaced(1));
	}

	@Test
	void obeysAnAnnotationOfTheTeamsOwnOnAMethod() {
		JobDefinition definition = definitionOf(scan(NightlyMethod.class), OrderPlaced.class);
		assertThat(definition.queue()).hasToString("nightly");
		assertThat(definition.name()).isEqualTo("close-orders");
	}

	@Test
	void takesRecordsThatBelongToASealedInterface() throws Exception {
		HandlerRegistry registry = scan(ShapeMethods.class);
		call(registry, new Shape.Circle(1));
		call(registry, new Shape.Square(2));
		assertThat(CALLS).containsExactly("circle", new Shape.Circle(1), "square", new Shape.Square(2));
	}

	@Test
	void findsTheProductOfAFactoryBean() throws Exception {
		HandlerRegistry registry = scan(PlainFactory.class);
		call(registry, new OrderPlaced(1));
		assertThat(CALLS).containsExactly("product", new OrderPlaced(1));
	}

	@Test
	void callsAFinalMethodOfABeanWithoutAProxy() throws Exception {
		call(scan(FinalMethod.class), new OrderPlaced(1));
		assertThat(CALLS).containsExactly("final", new OrderPlaced(1));
	}

	@Test
	void callsABeanOfAScopeThatEveryThreadHas() throws Exception {
		this.context.getBeanFactory().registerScope("thread", new SimpleThreadScope());
		call(scan(OfThreadScope.class), new OrderPlaced(1));
		assertThat(CALLS).containsExactly("thread-scoped", new OrderPlaced(1));
	}

	@ParameterizedTest
	@ValueSource(classes = { SealedPayload.class, AbstractBound.class })
	void refusesAPayloadThatCannotBeMade(Class<?> type) {
		refused(type).withMessageContaining("The payload type of " + type.getName())
			.withMessageContaining("Declare a record");
	}

	@ParameterizedTest
	@ValueSource(classes = { GenericPayload.class, WildcardPayload.class, GenericHandlerPayload.class })
	void refusesAPayloadWithTypeParameters(Class<?> type) {
		refused(type).withMessageContaining("The payload type of " + type.getName())
			.withMessageContaining(Change.class.getName() + ", which has type parameters")
			.withMessageContaining("Declare a record without any");
	}

	@Test
	void refusesAPayloadThatBelongsToAnotherObject() {
		refused(InnerPayload.class).withMessageContaining(Inner.class.getName() + ", which belongs to another object")
			.withMessageContaining("Make it a record or a static class");
	}

	@ParameterizedTest
	@ValueSource(classes = { ReturnsMono.class, ReturnsFlux.class, ReturnsPublisher.class, ReturnsFlow.class,
			ReturnsFuture.class, ReturnsStream.class, ReturnsMonoByItsBase.class })
	void refusesAMethodWhoseWorkIsDoneAfterItHasReturned(Class<?> type) {
		refused(type).withMessageContaining("The @BackgroundJob method " + type.getName() + ".run() returns a ")
			.withMessageContaining("wait for the result inside");
	}

	@ParameterizedTest
	@ValueSource(classes = { AsyncMethod.class, AsyncMethods.class, AsyncHandler.class, AsyncHandle.class })
	void refusesWhatIsAsync(Class<?> type) {
		refused(type).withMessageContaining("The handler " + type.getName())
			.withMessageContaining("is @Async")
			.withMessageContaining("Remove @Async");
	}

	@ParameterizedTest
	@ValueSource(classes = { OfRequest.class, OfRequestBehindAProxy.class, MethodOfSession.class })
	void refusesABeanThatNeedsARequest(Class<?> type) {
		refused(type).withMessageContaining("The handler " + type.getName())
			.withMessageContaining(" is a bean of the scope '")
			.withMessageContaining("jobs run without one");
	}

	@ParameterizedTest
	@ValueSource(classes = { RawLambda.class, WildcardLambda.class })
	void refusesALambdaWithoutAPayloadAndNamesItsBeanMethod(Class<?> type) {
		refused(type).withMessageContaining("The payload type of " + type.getName() + ".lambda() is not known");
	}

	@Test
	void namesTheBeanMethodsOfTwoLambdas() {
		refused(TwoLambdas.class).withMessageContaining(TwoLambdas.class.getName() + ".one()")
			.withMessageContaining(TwoLambdas.class.getName() + ".other()");
	}

	private static ThrowableAssertAlternative<InvalidHandlerException> refused(Class<?> bean) {
		try (AnnotationConfigApplicationContext refusing = new AnnotationConfigApplicationContext()) {
			refusing.getBeanFactory().registerScope("request", new SimpleThreadScope());
			refusing.getBeanFactory().registerScope("session", new SimpleThreadScope());
			refusing.register(bean);
			refusing.refresh();
			return assertThatExceptionOfType(InvalidHandlerException.class)
				.isThrownBy(() -> new HandlerScanner(refusing.getBeanFactory(), DEFAULTS, Map.of()).scan());
		}
	}

	private HandlerRegistry scan(Class<?>... beans) {
		this.context.register(beans);
		this.context.refresh();
		HandlerScanner scanner = new HandlerScanner(this.context.getBeanFactory(), DEFAULTS, Map.of());
		HandlerRegistry registry = scanner.scan();
		scanner.verify(registry);
		return registry;
	}

	private void call(HandlerRegistry registry, Object payload) throws Exception {
		definitionOf(registry, payload.getClass()).invoker().invoke(payload, this.attempt);
	}

	private static JobDefinition definitionOf(HandlerRegistry registry, Class<?> payloadType) {
		JobDefinition definition = registry.byPayloadType(payloadType);
		assertThat(definition).as("the handler of %s", payloadType).isNotNull();
		return definition;
	}

	interface Event {

	}

	record OrderPlaced(int id) implements Event {
	}

	interface Events {

		record OrderPaid(int id) implements Event {
		}

	}

	sealed interface Shape {

		record Circle(int radius) implements Shape {
		}

		record Square(int side) implements Shape {
		}

	}

	record Change<T>(T value) {
	}

	class Inner {

	}

	abstract static class EventHandler<T extends Event> implements JobHandler<T> {

		@Override
		public void handle(T event, JobAttempt attempt) {
			on(event);
		}

		abstract void on(T event);

	}

	@BackgroundJob
	static class OnOrderPlaced extends EventHandler<OrderPlaced> {

		@Override
		void on(OrderPlaced event) {
			CALLS.addAll(List.of("placed", event));
		}

	}

	@BackgroundJob
	static class OnOrderPaid extends EventHandler<Events.OrderPaid> {

		@Override
		void on(Events.OrderPaid event) {
			CALLS.addAll(List.of("paid", event));
		}

	}

	@BackgroundJob(queue = "base")
	abstract static class AnnotatedBase<P> implements JobHandler<P> {

		@Override
		public void handle(P job, JobAttempt attempt) {
			CALLS.add(job);
		}

	}

	@Component
	static class ByBaseClass extends AnnotatedBase<OrderPlaced> {

	}

	static class BaseMethods {

		@BackgroundJob(queue = "by-base")
		void run(OrderPlaced event) {
			CALLS.addAll(List.of("base", event));
		}

	}

	@Component
	static class Inheriting extends BaseMethods {

	}

	@Component
	static class Overriding extends BaseMethods {

		@Override
		void run(OrderPlaced event) {
			CALLS.addAll(List.of("overriding", event));
		}

	}

	@Component
	static class OverridingWithAnnotation extends BaseMethods {

		@Override
		@BackgroundJob(queue = "by-sub")
		void run(OrderPlaced event) {
		}

	}

	abstract static class GenericMethods<P extends Event> {

		@BackgroundJob
		abstract void run(P event);

	}

	@Component
	static class OverridingGeneric extends GenericMethods<OrderPlaced> {

		@Override
		void run(OrderPlaced event) {
			CALLS.addAll(List.of("generic", event));
		}

	}

	interface Defaults {

		@BackgroundJob
		default void run(OrderPlaced event) {
			CALLS.addAll(List.of("default", event));
		}

	}

	@Component
	static class WithDefault implements Defaults {

	}

	@Component
	static class AnnotatedHandle implements JobHandler<OrderPlaced> {

		@Override
		@BackgroundJob
		public void handle(OrderPlaced event, JobAttempt attempt) {
			CALLS.addAll(List.of("handle", event));
		}

	}

	@Component
	static class GenericMethod {

		@BackgroundJob
		<T extends OrderPlaced> void run(T event) {
			CALLS.addAll(List.of("generic method", event));
		}

	}

	@Target(ElementType.METHOD)
	@Retention(RetentionPolicy.RUNTIME)
	@BackgroundJob(queue = "nightly")
	@interface Nightly {

		@AliasFor(annotation = BackgroundJob.class)
		String name();

	}

	@Component
	static class NightlyMethod {

		@Nightly(name = "close-orders")
		void run(OrderPlaced event) {
		}

	}

	@Component
	static class ShapeMethods {

		@BackgroundJob
		void run(Shape.Circle circle) {
			CALLS.addAll(List.of("circle", circle));
		}

		@BackgroundJob
		void run(Shape.Square square) {
			CALLS.addAll(List.of("square", square));
		}

	}

	@BackgroundJob
	static class Product implements JobHandler<OrderPlaced> {

		@Override
		public void handle(OrderPlaced event, JobAttempt attempt) {
			CALLS.addAll(List.of("product", event));
		}

	}

	@Component
	static class PlainFactory implements FactoryBean<Product> {

		@Override
		public Product getObject() {
			return new Product();
		}

		@Override
		public Class<?> getObjectType() {
			return Product.class;
		}

	}

	@Component
	static class FinalMethod {

		@BackgroundJob
		final void run(OrderPlaced event) {
			CALLS.addAll(List.of("final", event));
		}

	}

	@Component
	@Scope("thread")
	static class OfThreadScope {

		@BackgroundJob
		void run(OrderPlaced event) {
			CALLS.addAll(List.of("thread-scoped", event));
		}

	}

	@Component
	static class SealedPayload {

		@BackgroundJob
		void run(Shape shape) {
		}

	}

	@Component
	static class AbstractBound {

		@BackgroundJob
		<T extends Event> void run(T event) {
		}

	}

	@Component
	static class GenericPayload {

		@BackgroundJob
		void run(Change<OrderPlaced> change) {
		}

	}

	@Component
	static class WildcardPayload {

		@BackgroundJob
		void run(Change<?> change) {
		}

	}

	@BackgroundJob
	static class GenericHandlerPayload implements JobHandler<Change<OrderPlaced>> {

		@Override
		public void handle(Change<OrderPlaced> change, JobAttempt attempt) {
		}

	}

	@Component
	static class InnerPayload {

		@BackgroundJob
		void run(Inner inner) {
		}

	}

	@Component
	static class ReturnsMono {

		@BackgroundJob
		Mono<Void> run(OrderPlaced event) {
			return Mono.empty();
		}

	}

	@Component
	static class ReturnsFlux {

		@BackgroundJob
		Flux<String> run(OrderPlaced event) {
			return Flux.empty();
		}

	}

	@Component
	static class ReturnsPublisher {

		@BackgroundJob
		Publisher<String> run(OrderPlaced event) {
			return Flux.empty();
		}

	}

	@Component
	static class ReturnsFlow {

		@BackgroundJob
		Flow.Publisher<String> run(OrderPlaced event) {
			return (subscriber) -> {
			};
		}

	}

	@Component
	static class ReturnsFuture {

		@BackgroundJob
		Future<String> run(OrderPlaced event) {
			throw new UnsupportedOperationException();
		}

	}

	@Component
	static class ReturnsStream {

		@BackgroundJob
		Stream<String> run(OrderPlaced event) {
			return Stream.empty();
		}

	}

	abstract static class Returning<R> {

		@BackgroundJob
		public R run(OrderPlaced event) {
			throw new UnsupportedOperationException();
		}

	}

	@Component
	static class ReturnsMonoByItsBase extends Returning<Mono<Void>> {

	}

	@Component
	static class AsyncMethod {

		@Async
		@BackgroundJob
		void run(OrderPlaced event) {
		}

	}

	@Async
	@Component
	static class AsyncMethods {

		@BackgroundJob
		void run(OrderPlaced event) {
		}

	}

	@Async
	@BackgroundJob
	static class AsyncHandler implements JobHandler<OrderPlaced> {

		@Override
		public void handle(OrderPlaced event, JobAttempt attempt) {
		}

	}

	@BackgroundJob
	static class AsyncHandle implements JobHandler<OrderPlaced> {

		@Async
		@Override
		public void handle(OrderPlaced event, JobAttempt attempt) {
		}

	}

	@BackgroundJob
	@Scope("request")
	static class OfRequest implements JobHandler<OrderPlaced> {

		@Override
		public void handle(OrderPlaced event, JobAttempt attempt) {
		}

	}

	@BackgroundJob
	@Scope(scopeName = "request", proxyMode = ScopedProxyMode.TARGET_CLASS)
	static class OfRequestBehindAProxy implements JobHandler<OrderPlaced> {

		@Override
		public void handle(OrderPlaced event, JobAttempt attempt) {
		}

	}

	@Component
	@Scope(scopeName = "session", proxyMode = ScopedProxyMode.TARGET_CLASS)
	static class MethodOfSession {

		@BackgroundJob
		void run(OrderPlaced event) {
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class RawLambda {

		@Bean
		@BackgroundJob
		@SuppressWarnings("rawtypes")
		JobHandler lambda() {
			return (job, attempt) -> {
			};
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class WildcardLambda {

		@Bean
		@BackgroundJob
		JobHandler<?> lambda() {
			return (job, attempt) -> {
			};
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class TwoLambdas {

		@Bean
		@BackgroundJob
		JobHandler<OrderPlaced> one() {
			return (job, attempt) -> {
			};
		}

		@Bean
		@BackgroundJob
		JobHandler<OrderPlaced> other() {
			return (job, attempt) -> {
			};
		}

	}

}
