package io.jobstarter.handler;

import java.math.BigDecimal;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZonedDateTime;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import io.jobstarter.InvalidPayloadException;
import org.assertj.core.api.ThrowableAssertAlternative;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.junit.jupiter.params.provider.Arguments.arguments;

class JacksonPayloadSerializerTests {

	private static final AtomicInteger FOREIGN_INITIALIZERS = new AtomicInteger();

	private final JacksonPayloadSerializer serializer = new JacksonPayloadSerializer();

	@ParameterizedTest
	@MethodSource("payloads")
	void readsWhatItWrote(Object payload) {
		assertThat(roundTrip(payload)).isEqualTo(payload);
	}

	static Stream<Object> payloads() {
		return Stream.of(new Text("Ada"), new Text(""), new Text(null), new Text("a\u0000b"),
				new Text("grüße \uD83D\uDE00 \u202E \u2028"), new Text("</script>\"\\\n"), new Nothing(),
				new Numbers(Long.MIN_VALUE, 0.1, new BigDecimal("1.10"), null), new Numbers(1, Double.NaN, null, 7),
				new Times(Instant.parse("2030-01-01T12:00:00.123456789Z"), LocalDate.of(2030, 1, 1),
						Duration.ofMillis(1_500)),
				new Options(Optional.of("a"), Optional.empty(), OptionalInt.of(3)),
				new Nested(List.of(new Text("a"), new Text("b")), Map.of("k", Set.of(1, 2)), TimeUnit.DAYS,
						UUID.fromString("123e4567-e89b-12d3-a456-426614174000"), URI.create("https://example.org/")),
				new Drawing(new Circle(1)));
	}

	@ParameterizedTest
	@ValueSource(strings = { "2030-07-01T12:00:00+02:00[Europe/Berlin]", "2030-07-01T12:00:00-09:30",
			"2030-10-27T02:30:00+01:00[Europe/Berlin]" })
	void timesKeepTheirZone(String text) {
		ZonedDateTime zoned = ZonedDateTime.parse(text);
		Zoned payload = new Zoned(zoned, zoned.toOffsetDateTime());
		assertThat(roundTrip(payload)).isEqualTo(payload);
	}

	@ParameterizedTest
	@MethodSource("payloads")
	void findsNothingAmissWithTypesThatItReads(Object payload) {
		this.serializer.check(payload.getClass());
	}

	@ParameterizedTest
	@ValueSource(classes = { Mutable.class, WithConstructor.class, WithFactory.class, Circle.class, AnyMap.class,
			TimeUnit.class })
	void findsNothingAmissWithOtherWaysToMakeAPayload(Class<?> type) {
		this.serializer.check(type);
	}

	@ParameterizedTest
	@ValueSource(classes = { Inner.class, Opaque.class })
	void refusesTypesThatItCouldNotMake(Class<?> type) {
		assertThatExceptionOfType(InvalidPayloadException.class).isThrownBy(() -> this.serializer.check(type))
			.withMessageStartingWith(type.getName() + " cannot be made from JSON");
	}

	@ParameterizedTest
	@ValueSource(classes = { ByClass.class, ByClassInAnArray.class, ByMinimalClass.class, ItselfByClass.class })
	void refusesTypesThatNameClassesBeforeTheFirstPayload(Class<?> type) {
		assertThatExceptionOfType(InvalidPayloadException.class).isThrownBy(() -> this.serializer.check(type))
			.withMessageContaining("A payload names no class");
	}

	@Test
	void writesPlainJsonWithoutTypes() {
		assertThat(this.serializer
			.serialize(new Times(Instant.parse("2030-01-01T12:00:00Z"), LocalDate.of(2030, 1, 1), Duration.ofHours(1))))
			.isEqualTo("{\"instant\":\"2030-01-01T12:00:00Z\",\"date\":\"2030-01-01\",\"duration\":\"PT1H\"}");
		assertThat(this.serializer.serialize(new Nothing())).isEqualTo("{}");
	}

	@Test
	void ignoresWhatANewerReleaseAdded() {
		assertThat(this.serializer.deserialize("{\"text\":\"Ada\",\"added\":{\"a\":[1]}}", Text.class))
			.isEqualTo(new Text("Ada"));
	}

	@Test
	void whatAnOlderReleaseLackedIsAbsent() {
		assertThat(this.serializer.deserialize("{}", Options.class))
			.isEqualTo(new Options(Optional.empty(), Optional.empty(), OptionalInt.empty()));
		assertThat(this.serializer.deserialize("{}", Numbers.class)).isEqualTo(new Numbers(0, 0, null, null));
	}

	@ParameterizedTest
	@ValueSource(strings = { "\uD800", "a\uDC00", "\uDC00\uD800" })
	void refusesToWriteLoneSurrogates(String text) {
		assertRefusedToWrite(new Text(text)).withMessageContaining("lone surrogate");
		assertRefusedToWrite(new AnyMap(Map.of(text, 1))).withMessageContaining("lone surrogate");
	}

	@Test
	void refusesToWriteWhatHasNoEnd() {
		Map<String, Object> circle = new HashMap<>();
		circle.put("self", circle);
		assertRefusedToWrite(new AnyMap(circle)).withMessageContaining("cannot be written as JSON");
	}

	@Test
	void refusesToWriteWhatIsNestedTooDeeply() {
		Map<String, Object> deep = new LinkedHashMap<>();
		for (int i = 0; i < 200_000; i++) {
			Map<String, Object> outer = new LinkedHashMap<>();
			outer.put("a", deep);
			deep = outer;
		}
		assertRefusedToWrite(new AnyMap(deep)).withMessageContaining("cannot be written as JSON");
	}

	@Test
	void refusesToWriteWhatThrows() {
		assertRefusedToWrite(new Throwing("x")).withMessageContaining(Throwing.class.getName())
			.withMessageContaining("cannot be written as JSON");
	}

	@ParameterizedTest
	@ValueSource(strings = { "", " ", "null", "[]", "\"text\"", "42", "{", "{\"text\":", "{\"text\":{}}", "\u0000",
			"<xml/>", "\uFEFF", "rO0ABXQ=" })
	void refusesToReadWhatDoesNotFit(String json) {
		assertRefusedToRead(json, Text.class).withMessageContaining(Text.class.getName());
	}

	@ParameterizedTest
	@MethodSource("deeplyNested")
	void refusesToReadWhatIsNestedTooDeeply(String json, Class<?> type) {
		assertRefusedToRead(json, type);
	}

	static Stream<Arguments> deeplyNested() {
		String arrays = "[".repeat(200_000) + "]".repeat(200_000);
		String objects = "{\"a\":".repeat(200_000) + "1" + "}".repeat(200_000);
		return Stream.of(arguments("{\"unknown\":" + arrays + "}", Text.class),
				arguments("{\"unknown\":" + objects + "}", Text.class), arguments(objects, AnyMap.class),
				arguments("{\"values\":" + objects + "}", AnyMap.class), arguments(arrays, Text.class));
	}

	@Test
	void refusesToReadWhatIsHuge() {
		assertRefusedToRead("{\"text\":\"" + "x".repeat(30_000_000) + "\"}", Text.class);
		assertRefusedToRead("{\"" + "x".repeat(100_000) + "\":1}", Text.class);
		assertRefusedToRead("{\"whole\":" + "9".repeat(100_000) + "}", Numbers.class);
		assertRefusedToRead("{\"exact\":1e" + "9".repeat(20) + "}", Numbers.class);
	}

	@Test
	void saysNothingOfWhatStandsInAPayloadThatCannotBeRead() {
		assertRefusedToRead("{\"whole\":\"top-secret\"}", Numbers.class).satisfies((ex) -> {
			assertThat(ex).hasMessageNotContaining("top-secret").hasNoCause();
			assertThat(ex.getSuppressed()).isEmpty();
		});
	}

	@Test
	void instantiatesTheNamedTypesThatAPayloadDeclares() {
		assertThat(this.serializer.deserialize("{\"shape\":{\"type\":\"circle\",\"radius\":2}}", Drawing.class))
			.isEqualTo(new Drawing(new Circle(2)));
		assertRefusedToRead("{\"shape\":{\"type\":\"" + name("Nine") + "\"}}", Drawing.class);
	}

	@Test
	void noClassIsNamedByThePayload() {
		assertRefusedToRead("{\"part\":{\"@class\":\"" + name("One") + "\"}}", ByClass.class);
		assertRefusedToRead("{\"part\":{\"@c\":\"" + name("Two") + "\"}}", ByMinimalClass.class);
		assertRefusedToRead("{\"@class\":\"" + name("Three") + "\"}", ItselfByClass.class);
		assertRefusedToRead("{\"part\":{\"@class\":\"java.util.ArrayList<" + name("Four") + ">\"}}", ByClass.class);
		assertRefusedToRead("{\"part\":[\"" + name("Five") + "\",{}]}", ByClassInAnArray.class);
		assertThat(FOREIGN_INITIALIZERS).hasValue(0);
	}

	@Test
	void refusesAtEnqueueWhatCouldNotBeRead() {
		assertRefusedToWrite(new ByClass("x")).withMessageContaining("names no class");
		assertRefusedToWrite(new ByMinimalClass(null)).withMessageContaining("names no class");
		assertRefusedToWrite(new ItselfByClass()).withMessageContaining("names no class");
	}

	@Test
	void noClassIsLoadedForAFieldThatHoldsOne() {
		assertRefusedToRead("{\"type\":\"" + name("Six") + "\"}", HoldsClass.class);
		assertThat(FOREIGN_INITIALIZERS).hasValue(0);
		assertRefusedToWrite(new HoldsClass(String.class)).withMessageContaining("class");
	}

	@Test
	void aTypeFieldMeansNothingWhereNoTypeIsAskedFor() {
		assertThat(this.serializer.deserialize("{\"@class\":\"" + name("Seven") + "\",\"text\":\"Ada\"}", Text.class))
			.isEqualTo(new Text("Ada"));
		Object values = this.serializer.deserialize("{\"values\":{\"@class\":\"" + name("Eight") + "\"}}", AnyMap.class)
			.values();
		assertThat(values).isEqualTo(Map.of("@class", name("Eight")));
		assertThat(FOREIGN_INITIALIZERS).hasValue(0);
	}

	private Object roundTrip(Object payload) {
		return this.serializer.deserialize(this.serializer.serialize(payload), payload.getClass());
	}

	private ThrowableAssertAlternative<InvalidPayloadException> assertRefusedToWrite(Object payload) {
		return assertThatExceptionOfType(InvalidPayloadException.class)
			.isThrownBy(() -> this.serializer.serialize(payload));
	}

	private ThrowableAssertAlternative<InvalidPayloadException> assertRefusedToRead(String json, Class<?> type) {
		return assertThatExceptionOfType(InvalidPayloadException.class)
			.isThrownBy(() -> this.serializer.deserialize(json, type));
	}

	// Not by a class literal's getName(), so that nothing could think of loading it.
	private static String name(String planted) {
		return "io.jobstarter.handler.JacksonPayloadSerializerTests$Planted$" + planted;
	}

	record Text(String text) {
	}

	record Nothing() {
	}

	record Numbers(long whole, double fraction, BigDecimal exact, Integer maybe) {
	}

	record Times(Instant instant, LocalDate date, Duration duration) {
	}

	record Zoned(ZonedDateTime zoned, OffsetDateTime offset) {
	}

	record Options(Optional<String> one, Optional<String> other, OptionalInt number) {
	}

	record Nested(List<Text> texts, Map<String, Set<Integer>> sets, TimeUnit unit, UUID uuid, URI uri) {
	}

	record AnyMap(Map<String, Object> values) {
	}

	static class Mutable {

		public String text = "";

	}

	static final class WithConstructor {

		private final String text;

		private final int number;

		@JsonCreator
		WithConstructor(String text, int number) {
			this.text = text;
			this.number = number;
		}

		@Override
		public String toString() {
			return this.text + this.number;
		}

	}

	static final class WithFactory {

		private WithFactory() {
		}

		@JsonCreator
		static WithFactory of(String text, int number) {
			return new WithFactory();
		}

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

	class Inner {

		String text = JacksonPayloadSerializerTests.this.toString();

	}

	record Throwing(String value) {

		@Override
		public String value() {
			throw new IllegalStateException("no value");
		}

	}

	record HoldsClass(Class<?> type) {
	}

	record Drawing(Shape shape) {
	}

	@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
	@JsonSubTypes(@JsonSubTypes.Type(value = Circle.class, name = "circle"))
	sealed interface Shape {

	}

	record Circle(int radius) implements Shape {
	}

	record ByClass(@JsonTypeInfo(use = JsonTypeInfo.Id.CLASS) Object part) {
	}

	record ByClassInAnArray(
			@JsonTypeInfo(use = JsonTypeInfo.Id.CLASS, include = JsonTypeInfo.As.WRAPPER_ARRAY) Part part) {
	}

	record ByMinimalClass(@JsonTypeInfo(use = JsonTypeInfo.Id.MINIMAL_CLASS) Part part) {
	}

	@JsonTypeInfo(use = JsonTypeInfo.Id.CLASS)
	static class ItselfByClass {

	}

	interface Part {

	}

	/**
	 * Each tells when it is initialized, which happens once in a class's life.
	 */
	static final class Planted {

		static final class One implements Part {

			static {
				FOREIGN_INITIALIZERS.incrementAndGet();
			}

		}

		static final class Two implements Part {

			static {
				FOREIGN_INITIALIZERS.incrementAndGet();
			}

		}

		static final class Three extends ItselfByClass {

			static {
				FOREIGN_INITIALIZERS.incrementAndGet();
			}

		}

		static final class Four {

			static {
				FOREIGN_INITIALIZERS.incrementAndGet();
			}

		}

		static final class Five implements Part {

			static {
				FOREIGN_INITIALIZERS.incrementAndGet();
			}

		}

		static final class Six {

			static {
				FOREIGN_INITIALIZERS.incrementAndGet();
			}

		}

		static final class Seven {

			static {
				FOREIGN_INITIALIZERS.incrementAndGet();
			}

		}

		static final class Eight {

			static {
				FOREIGN_INITIALIZERS.incrementAndGet();
			}

		}

	}

}
