package io.jobstarter.handler;

import java.math.BigDecimal;
import java.net.URI;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

import com.fasterxml.jackson.annotation.JsonAlias;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import com.fasterxml.jackson.annotation.JsonValue;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.jobstarter.Sensitive;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests of what of a payload may be shown.
 */
class PayloadMaskerTests {

	private static final JacksonPayloadSerializer SERIALIZER = new JacksonPayloadSerializer();

	@Test
	void showsWhatIsNotSensitiveAsItWasWritten() {
		Plain plain = new Plain(7, "Ada", true, new BigDecimal("12.50"), Instant.EPOCH, List.of(URI.create("a:b")),
				new byte[] { 1, 2 }, null, Optional.of("x"), Color.RED);
		assertThat(masked(plain)).isEqualTo(SERIALIZER.serialize(plain));
	}

	@Test
	void masksMarkedComponentsFieldsAndGetters() {
		assertThat(masked(new Marked("1", "2", "3"))).isEqualTo("""
				{"id":"1","number":"******","renamed":"******"}""");
		assertThat(masked(new Bean())).contains("\"field\":\"******\"", "\"getter\":\"******\"", "\"open\":\"o\"");
	}

	@Test
	void masksInWhatAPayloadHolds() {
		Marked marked = new Marked("1", "2", "3");
		String masked = masked(new Nested(marked, List.of(marked), Map.of("k", marked), Optional.of(marked),
				new Marked[] { marked }, List.of(List.of(marked))));
		assertThat(masked).doesNotContain("\"2\"", "\"3\"").containsSubsequence("\"1\"", "\"1\"", "\"1\"");
	}

	@Test
	void masksMarkedTypesWhole() {
		assertThat(masked(new Holder(new Card("4111"), List.of(new Card("4242")), new Pin("1234"), new Iban("DE"))))
			.isEqualTo("""
					{"card":"******","cards":["******"],"pin":"******","iban":"******"}""");
		assertThat(masked(new Card("4111"))).isEqualTo(PayloadMasker.MASK);
	}

	@Test
	void masksByNameUnlessTheTypeSaysOtherwise() {
		assertThat(masked(new Named("a", "b", "c", 4, 5, "f"), "customer-email")).isEqualTo("""
				{"userPassword":"******","api_key":"******","CustomerEMail":"******","tokens":"******",\
				"tokenCount":5,"other":"f"}""");
	}

	@Test
	void masksByNameWhereThereIsNoType() {
		JsonNode tree = JsonNodeFactory.instance.objectNode()
			.put("open", "o")
			.set("inner", JsonNodeFactory.instance.objectNode().put("X-Api-Key", "secret").put("n", 1));
		Map<String, Object> values = Map.of("accessToken", List.of("secret"));
		assertThat(masked(new Loose(tree, values, Map.of("Authorization", "secret")))).isEqualTo("""
				{"tree":{"open":"o","inner":{"X-Api-Key":"******","n":1}},"values":{"accessToken":"******"},\
				"headers":{"Authorization":"******"}}""");
	}

	@Test
	void masksInEverySubtype() {
		assertThat(masked(new Payment(new Transfer("x", "secret")))).isEqualTo("""
				{"means":{"kind":"transfer","id":"x","account":"******"}}""");
		assertThat(masked(new Payment(new Voucher("x", "open")))).isEqualTo("""
				{"means":{"kind":"voucher","id":"x","code":"open"}}""");
	}

	@Test
	void masksFormerNames() {
		assertThat(masker(Former.class).mask("job", "{\"iban\":\"secret\",\"mail\":\"secret\",\"id\":1}"))
			.isEqualTo("{\"iban\":\"******\",\"mail\":\"******\",\"id\":1}");
	}

	@Test
	void masksWhatTheTypeDoesNotHave() {
		assertThat(masker(Former.class).mask("job", "{\"id\":1,\"later\":\"secret\",\"none\":null}"))
			.isEqualTo("{\"id\":1,\"later\":\"******\",\"none\":null}");
		assertThat(masked(new Unwrapped(new Marked("1", "2", "3")))).doesNotContain("\"2\"", "\"3\"");
	}

	@Test
	void masksByFormerNamesOfSecretsToo() {
		assertThat(masker(Aliased.class).mask("job", "{\"password\":\"secret\"}"))
			.isEqualTo("{\"password\":\"******\"}");
		assertThat(masked(new Aliased("secret"))).isEqualTo("{\"word\":\"******\"}");
	}

	@Test
	void masksTypesThatOnlyAPropertyNames() {
		assertThat(masked(new Choice(new Transfer("x", "secret")))).isEqualTo("""
				{"means":"******"}""");
	}

	@Test
	void showsOfATypeItsNameOnly() {
		assertThat(masker(Payment.class).mask("job", "{\"means\":{\"kind\":{\"number\":\"secret\"},\"id\":\"x\"}}"))
			.isEqualTo("{\"means\":{\"kind\":\"******\",\"id\":\"x\"}}");
	}

	@Test
	void masksWhatIsWrittenAsAMarkedType() {
		assertThat(masked(new Wrapped(new Wrapper(new Email("secret")), Map.of(new Email("secret"), 1)))).isEqualTo("""
				{"wrapper":"******","byEmail":"******"}""");
	}

	@Test
	void masksByNameWithinTextsThatAreJson() {
		String text = "{\"password\":\"secret\",\"id\":1}";
		assertThat(masked(new Texts(text, "{not json}", "[1, 2]", Map.of("inner", text)))).isEqualTo("""
				{"body":"{\\"password\\":\\"******\\",\\"id\\":1}","other":"{not json}","list":"[1, 2]",\
				"values":{"inner":"{\\"password\\":\\"******\\",\\"id\\":1}"}}""");
		assertThat(masker(null).maskHeaders(Map.of("x", text))).containsValue("{\"password\":\"******\",\"id\":1}");
	}

	@ParameterizedTest
	@ValueSource(strings = { "\uFF50\uFF41\uFF53\uFF53\uFF57\uFF4F\uFF52\uFF44", "AP\u0130-KEY", "pass\u00ADword",
			"PASSW\u00D6RD", "p\u200Bwd" })
	void masksNamesHoweverTheyAreWritten(String name) {
		assertThat(masker(null).maskHeaders(Map.of(name, "secret"))).containsValue(PayloadMasker.MASK);
	}

	@Test
	void showsNoValueWhereNoneBelongs() {
		assertThat(masker(null).mask("job", "\"secret\"")).isEqualTo(PayloadMasker.MASK);
		assertThat(masker(null).mask("job", "null")).isEqualTo("null");
	}

	@ParameterizedTest
	@ValueSource(strings = { "", " ", "secret", "{\"number\":\"secret\"", "{} secret", "[\"secret\"]", "\"secret\"",
			"{\"id\":[{\"secret\":1}]}", "{\"id\":{\"number\":\"secret\"}}", "<secret/>", "42" })
	void showsNothingThatItCannotJudge(String payload) {
		assertThat(masker(Marked.class).mask("job", payload)).contains(PayloadMasker.MASK).doesNotContain("secret");
	}

	@Test
	void showsNothingOfJobsWithoutAHandler() {
		assertThat(masker(Plain.class).mask("another-job", "{\"id\":7}")).isEqualTo(PayloadMasker.MASK);
		assertThat(masker(null).mask("job", "{\"left\":\"over\"}")).isEqualTo("{\"left\":\"******\"}");
		assertThat(masker(null).mask("job", "{}")).isEqualTo("{}");
	}

	@Test
	void survivesWhatIsNestedDeeply() {
		String deep = "{\"values\":" + "{\"a\":".repeat(5_000) + "1" + "}".repeat(5_001);
		assertThat(masker(Loose.class).mask("job", deep)).isEqualTo(PayloadMasker.MASK);
		String less = "{\"values\":" + "{\"a\":".repeat(900) + "1" + "}".repeat(901);
		assertThat(masker(Loose.class).mask("job", less)).isEqualTo(less);
	}

	@Test
	void keepsNumbersAndMarkupAsTheyAre() {
		String json = "{\"values\":{\"n\":12345678901234567890.10,\"m\":\"<b>\\u2028\\r\\n\"}}";
		assertThat(masker(Loose.class).mask("job", json)).contains("12345678901234567890.10", "<b>", "\\r\\n")
			.doesNotContain("\r", "\n");
	}

	@Test
	void masksHeadersByName() {
		assertThat(masker(Plain.class).maskHeaders(Map.of("X-Auth-Token", "secret", "traceparent", "00-1")))
			.containsOnly(Map.entry("X-Auth-Token", "******"), Map.entry("traceparent", "00-1"));
	}

	private static String masked(Object payload, String... names) {
		return masker(payload.getClass(), names).mask("job", SERIALIZER.serialize(payload));
	}

	private static PayloadMasker masker(@Nullable Class<?> type, String... names) {
		JobDefinition definition = new JobDefinition("job", Set.of(), "the test", type, "default", 0, null, false, true,
				List.of(), List.of(), (bean, payload) -> {
				});
		return new PayloadMasker(new HandlerRegistry(List.of(definition)), List.of(names));
	}

	enum Color {

		RED

	}

	record Aliased(@JsonAlias("password") String word) {
	}

	record Choice(@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "kind") @JsonSubTypes(@JsonSubTypes.Type(
			value = Transfer.class, name = "transfer")) Object means) {
	}

	@Sensitive
	record Email(@JsonValue String address) {
	}

	record Wrapper(@JsonValue Email email) {
	}

	record Wrapped(Wrapper wrapper, Map<Email, Integer> byEmail) {
	}

	record Texts(String body, String other, String list, Map<String, Object> values) {
	}

	record Plain(long id, String name, boolean flag, BigDecimal amount, Instant at, List<URI> links, byte[] bytes,
			@Nullable String missing, Optional<String> maybe, Color color) {
	}

	record Marked(String id, @Sensitive String number, @Sensitive @JsonProperty("renamed") String original) {
	}

	static class Bean {

		@Sensitive
		public String field = "f";

		public String open = "o";

		@Sensitive
		public String getGetter() {
			return "g";
		}

	}

	record Nested(Marked one, List<Marked> list, Map<String, Marked> map, Optional<Marked> maybe, Marked[] array,
			List<List<Marked>> lists) {
	}

	@Sensitive
	record Card(String digits) {
	}

	record Pin(@JsonValue @Sensitive String digits) {
	}

	record Iban(@Sensitive @JsonValue String text) {
	}

	record Holder(Card card, List<Card> cards, Pin pin, Iban iban) {
	}

	record Named(String userPassword, @JsonProperty("api_key") String key, @JsonProperty("CustomerEMail") String mail,
			int tokens, @Sensitive(false) int tokenCount, String other) {
	}

	record Loose(JsonNode tree, Map<String, Object> values, Map<String, String> headers) {
	}

	record Payment(Means means) {
	}

	@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "kind")
	@JsonSubTypes({ @JsonSubTypes.Type(value = Transfer.class, name = "transfer"),
			@JsonSubTypes.Type(value = Voucher.class, name = "voucher") })
	interface Means {

		String id();

	}

	record Transfer(String id, @Sensitive String account) implements Means {
	}

	record Voucher(String id, String code) implements Means {
	}

	record Former(long id, @Sensitive @JsonAlias("iban") String account, @JsonProperty("mail") String password) {
	}

	record Unwrapped(@JsonUnwrapped Marked marked) {
	}

}
