package io.jobstarter.handler;

import java.util.List;
import java.util.Map;

import io.jobstarter.Sensitive;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

class SensitiveKeysTests {

	private static boolean isHashed(Class<?> payloadType, String key) {
		return SensitiveKeys.of(payloadType)
			.areIn(PayloadExpression.parse(key).names(), new SensitiveNames(List.of("nickname")));
	}

	@ParameterizedTest
	@ValueSource(strings = { "#{payload.taxId()}", "#{payload.holder().iban()}", "#{payload.holder.iban}",
			"#{payload.others[0].iban}", "#{payload.byName['x'].iban}", "#{payload.password}", "#{payload.nickname}",
			"#{payload['taxId']}", "#{payload.card()}", "#{payload.holder().pin}", "#{payload}",
			"#{payload.toString()}" })
	void aKeyThatIsMadeOfASecretIsHashedWhereverItStands(String key) {
		assertThat(isHashed(Charge.class, key)).isTrue();
	}

	@ParameterizedTest
	@ValueSource(strings = { "#{payload.accountId()}", "#{payload.holder().name()}", "#{payload.accountId + '-x'}" })
	void otherKeysAreShown(String key) {
		assertThat(isHashed(Charge.class, key)).isFalse();
	}

	@Test
	void aPayloadWithoutSecretsIsShown() {
		assertThat(isHashed(Plain.class, "#{payload}")).isFalse();
	}

	static class Person {

		@Sensitive
		private final String pin = "1234";

		public String getPin() {
			return this.pin;
		}

	}

	static class Holder extends Person {

		public String name() {
			return "ada";
		}

		@Sensitive
		public String getIban() {
			return "DE02";
		}

		@Sensitive
		public String iban() {
			return "DE02";
		}

	}

	@Sensitive
	record Card(String number) {
	}

	record Charge(long accountId, @Sensitive String taxId, Holder holder, List<Holder> others,
			Map<String, Holder> byName, Card card) {
	}

	record Plain(long accountId, Map<String, String> labels) {
	}

}
