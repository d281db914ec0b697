package io.jobstarter.handler;

import java.util.List;
import java.util.Map;

import io.jobstarter.InvalidJobException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

class PayloadExpressionTests {

	private static final Order ORDER = new Order("eu", 7, Size.LARGE, new Customer(true),
			List.of(new Item("a"), new Item("b")), Map.of("k", "v"));

	@ParameterizedTest
	@CsvSource(delimiter = '|', textBlock = """
			#{payload.customer().premium() ? 'vip' : 'default'} | vip
			#{payload.customer.premium ? 'vip' : 'default'}     | vip
			tenant-#{payload.tenant()}                          | tenant-eu
			#{payload.tenant}-#{payload.number}.x               | eu-7.x
			#{payload.size()}                                   | LARGE
			#{payload.size().name().toLowerCase()}              | large
			#{payload.number() > 5 and payload.number() < 9}    | true
			#{payload.items()[1].sku()}                         | b
			#{payload.items.![sku]}                             | a,b
			#{payload.labels['k']}                              | v
			#{payload.missing() ?: 'none'}                      | none
			#{payload.missing()?.length() == null ? 'n' : 'y'}  | n
			#{'constant'}                                       | constant
			""")
	void readsThePayload(String text, String result) {
		assertThat(PayloadExpression.isIn(text)).isTrue();
		assertThat(PayloadExpression.parse(text).evaluate(ORDER)).isEqualTo(result);
	}

	@Test
	void tellsNamesFromExpressions() {
		assertThat(List.of("default", "a#b", "{a}", "$" + "{a}")).noneMatch(PayloadExpression::isIn);
	}

	@Test
	void knowsHowEveryResultBegins() {
		assertThat(PayloadExpression.parse("tenant-#{payload.tenant}").beginning()).isEqualTo("tenant-");
		assertThat(PayloadExpression.parse("#{payload.tenant}-x").beginning()).isEmpty();
	}

	@ParameterizedTest
	@ValueSource(strings = { "#{", "#{}", "#{payload", "#{payload.}", "#{payload.tenant( }", "a-#{1 +}", "#{'a}",
			"#{payload.tenant()} #{", "#{a b}" })
	void refusesWhatIsNoExpression(String text) {
		assertThatExceptionOfType(InvalidJobException.class).isThrownBy(() -> PayloadExpression.parse(text))
			.withMessageStartingWith("The expression '" + text + "' cannot be parsed: ")
			.withMessageContaining("such as #{payload.premium() ? 'vip' : 'default'}");
	}

	@ParameterizedTest
	@ValueSource(strings = { "#{T(java.lang.Runtime).getRuntime().exec('x')}", "#{new java.io.File('x').delete()}",
			"#{@dataSource.connection}", "#{payload.tenant = 'x'}", "#{payload.number++}", "#{#f(payload)}",
			"#{payload.items.?[T(java.lang.System).exit(1)]}", "#{payload instanceof T(String)}",
			"a-#{payload.tenant(new int[1])}" })
	void refusesToReadMoreThanThePayload(String text) {
		assertThatExceptionOfType(InvalidJobException.class).isThrownBy(() -> PayloadExpression.parse(text))
			.withMessageContaining("it may read properties of the payload and call its methods");
	}

	@ParameterizedTest
	@ValueSource(strings = { "#{payload.getClass().name}", "#{payload.class.name}", "#{payload.tenant.class}",
			"#{payload.class.classLoader}", "#{systemProperties}", "#{payload.notThere()}",
			"#{payload.tenant.bytes[9]}", "#{payload.fail()}", "#{payload.failing}", "#{payload.number / 0}" })
	void failsWhereThePayloadHasNoSuchThingAndShowsNothingOfIt(String text) {
		PayloadExpression expression = PayloadExpression.parse(text);
		assertThatExceptionOfType(InvalidJobException.class).isThrownBy(() -> expression.evaluate(ORDER))
			.withMessageStartingWith("the expression '" + text + "' failed for this payload with ")
			.withMessageNotContaining("secret")
			.satisfies((ex) -> assertThat(ex).hasCauseInstanceOf(RuntimeException.class));
	}

	@ParameterizedTest
	@ValueSource(strings = { "#{payload.missing()}", "tenant-#{payload.missing()}" })
	void takesNothingForNothing(String text) {
		assertThatExceptionOfType(InvalidJobException.class)
			.isThrownBy(() -> PayloadExpression.parse(text).evaluate(ORDER))
			.withMessage("the expression '" + text + "' gave null for this payload");
	}

	enum Size {

		SMALL, LARGE {
			@Override
			public String toString() {
				return "very large";
			}
		}

	}

	private record Order(String tenant, int number, Size size, Customer customer, List<Item> items,
			Map<String, String> labels) {

		public @Nullable String missing() {
			return null;
		}

		public String fail() {
			throw new IllegalStateException("a secret");
		}

		public String getFailing() {
			throw new IllegalStateException("a secret");
		}

	}

	record Customer(boolean premium) {
	}

	record Item(String sku) {
	}

}
