package io.jobstarter.handler;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import java.util.List;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import io.jobstarter.BackgroundJob;
import io.jobstarter.DeadLetter;
import io.jobstarter.JobAttempt;
import io.jobstarter.JobHandler;
import io.jobstarter.OnDead;
import io.jobstarter.OnDiscard;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.aot.generate.GenerationContext;
import org.springframework.aot.hint.MemberCategory;
import org.springframework.aot.hint.RuntimeHints;
import org.springframework.aot.hint.predicate.RuntimeHintsPredicates;
import org.springframework.aot.test.generate.TestGenerationContext;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.aot.ApplicationContextAotGenerator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.springframework.aot.hint.predicate.RuntimeHintsPredicates.reflection;

/**
 * Tests of what a native image is told of handlers and their payloads.
 */
class HandlerHintsTests {

	@Test
	void keepsThePayloadOfAHandlerAndAllThatItHolds() {
		RuntimeHints hints = hintsOf(OrderHandler.class);
		for (Class<?> type : List.of(Order.class, Line.class, Color.class)) {
			assertThat(reflection().onType(type)).accepts(hints);
		}
		assertThat(reflection().onConstructor(Order.class.getDeclaredConstructors()[0]).invoke()).accepts(hints);
		assertThat(reflection().onMethod(Order.class, "lines").invoke()).accepts(hints);
		assertThat(reflection().onMethod(Line.class, "article").invoke()).accepts(hints);
		assertThat(reflection().onField(Line.class, "article")).accepts(hints);
	}

	@Test
	void keepsTheSubtypesThatAPayloadNames() {
		RuntimeHints hints = hintsOf(OrderHandler.class);
		assertThat(reflection().onMethod(Card.class, "number").invoke()).accepts(hints);
		assertThat(reflection().onMethod(Voucher.class, "giver").invoke()).accepts(hints);
		assertThat(reflection().onMethod(Giver.class, "name").invoke()).accepts(hints);
	}

	@Test
	void keepsAMethodThatIsAHandlerAndTheOneOfAnInterface() {
		RuntimeHints hints = hintsOf(MethodHandlers.class);
		assertThat(reflection().onMethod(MethodHandlers.class, "count").invoke()).accepts(hints);
		assertThat(reflection().onMethod(MethodHandlers.class, "cleanUp").invoke()).accepts(hints);
		assertThat(reflection().onMethod(Counting.class, "count").invoke()).accepts(hints);
		assertThat(reflection().onMethod(Count.class, "upTo").invoke()).accepts(hints);
	}

	@Test
	void keepsTheMethodsThatHearOfTheEndsOfJobs() {
		RuntimeHints hints = hintsOf(Hearing.class);
		assertThat(reflection().onMethod(Hearing.class, "failed").invoke()).accepts(hints);
		assertThat(reflection().onMethod(Hearing.class, "discarded").invoke()).accepts(hints);
		assertThat(reflection().onType(DeadLetter.class)).rejects(hints);
	}

	@Test
	void keepsWhatTheStartLooksThroughForAnnotations() {
		RuntimeHints hints = hintsOf(Derived.class);
		for (Class<?> type : List.of(Derived.class, MethodHandlers.class, Counting.class)) {
			assertThat(reflection().onType(type).withMemberCategory(MemberCategory.INTROSPECT_DECLARED_METHODS))
				.accepts(hints);
		}
	}

	@Test
	void keepsThePayloadOfALambdaThatABeanMethodReturns() {
		assertThat(reflection().onMethod(Count.class, "upTo").invoke()).accepts(hintsOf(LambdaConfiguration.class));
	}

	@Test
	void keepsThePayloadBehindAnAnnotationOfTheApplication() {
		assertThat(reflection().onMethod(Count.class, "upTo").invoke()).accepts(hintsOf(NightlyHandler.class));
	}

	@Test
	void keepsThePayloadThatASubclassNames() {
		assertThat(reflection().onMethod(Count.class, "upTo").invoke()).accepts(hintsOf(FromTemplate.class));
	}

	@Test
	void asksForNoSettingThatIsKnownAtStartOnly() {
		assertThat(reflection().onMethod(Count.class, "upTo").invoke()).accepts(hintsOf(PlaceholderHandler.class));
	}

	@Test
	void keepsNothingOfABeanThatHandlesNoJob() {
		assertThat(reflection().onMethod(Order.class, "lines").invoke()).rejects(hintsOf(OrderLister.class));
	}

	@ParameterizedTest
	@ValueSource(strings = { "h2", "postgresql" })
	void keepsTheMigrations(String database) {
		String script = "io/jobstarter/store/jdbc/migration/" + database + "/V1__job_tables.sql";
		assertThat(getClass().getClassLoader().getResource(script)).isNotNull();
		assertThat(RuntimeHintsPredicates.resource().forResource(script)).accepts(hintsOf());
	}

	private static RuntimeHints hintsOf(Class<?>... beans) {
		GenerationContext generation = new TestGenerationContext();
		try (AnnotationConfigApplicationContext context = new AnnotationConfigApplicationContext()) {
			for (Class<?> bean : beans) {
				context.register(bean);
			}
			new ApplicationContextAotGenerator().processAheadOfTime(context, generation);
		}
		return generation.getRuntimeHints();
	}

	record Order(List<Line> lines, Payment payment) {
	}

	record Line(String article, Color color) {
	}

	enum Color {

		RED, GREEN

	}

	@JsonTypeInfo(use = JsonTypeInfo.Id.NAME)
	@JsonSubTypes({ @JsonSubTypes.Type(Card.class), @JsonSubTypes.Type(Voucher.class) })
	interface Payment {

	}

	record Card(String number) implements Payment {
	}

	record Voucher(Giver giver) implements Payment {
	}

	record Giver(String name) {
	}

	record Count(int upTo) {
	}

	@BackgroundJob
	static class OrderHandler implements JobHandler<Order> {

		@Override
		public void handle(Order job, JobAttempt attempt) {
		}

	}

	interface Counting {

		void count(Count count);

	}

	static class MethodHandlers implements Counting {

		@Override
		@BackgroundJob
		public void count(Count count) {
		}

		@BackgroundJob
		void cleanUp() {
		}

	}

	static class Derived extends MethodHandlers {

	}

	@Configuration(proxyBeanMethods = false)
	static class LambdaConfiguration {

		@Bean
		@BackgroundJob
		JobHandler<Count> counter() {
			return (job, attempt) -> {
			};
		}

	}

	@Target(ElementType.TYPE)
	@Retention(RetentionPolicy.RUNTIME)
	@BackgroundJob(queue = "nightly")
	@interface Nightly {

	}

	@Nightly
	static class NightlyHandler implements JobHandler<Count> {

		@Override
		public void handle(Count job, JobAttempt attempt) {
		}

	}

	@BackgroundJob(queue = "${known.at.start.only}")
	static class PlaceholderHandler implements JobHandler<Count> {

		@Override
		public void handle(Count job, JobAttempt attempt) {
		}

	}

	static class Hearing {

		@BackgroundJob
		void count(Count count) {
		}

		@OnDead
		void failed(Count count, DeadLetter letter) {
		}

		@OnDiscard
		void discarded(Count count) {
		}

	}

	static class OrderLister {

		void list(Order order) {
		}

	}

	abstract static class Template<P> {

		@BackgroundJob
		void handle(P payload, JobAttempt attempt) {
		}

	}

	static class FromTemplate extends Template<Count> {

	}

}
