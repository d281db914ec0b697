package io.jobstarter.handler;

import java.util.function.UnaryOperator;

import io.jobstarter.BackgroundJob;
import io.jobstarter.InvalidJobException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

class PolicyNamesTests {

	private static final UnaryOperator<String> PLACEHOLDERS = (text) -> text.replace("${region}", "eu");

	@Test
	void namesNoneWhereNothingIsSaid() {
		assertThat(of(Plain.class, PolicyOverrides.NONE, null)).isEqualTo(JobPolicies.NONE);
	}

	@Test
	void readsTheAnnotationAndItsPlaceholders() {
		JobPolicies policies = of(Full.class, PolicyOverrides.NONE, "by-default");
		assertThat(policies.retry()).isEqualTo("mail-eu");
		assertThat(policies.circuitBreaker()).isEqualTo("smtp");
		assertThat(policies.circuitBreakerKey()).hasToString("'#{payload.to()}'");
		assertThat(policies.rateLimiter()).isEqualTo("outbound");
	}

	@Test
	void theConfigurationGoesBeforeTheAnnotation() {
		JobPolicies policies = of(Full.class, new PolicyOverrides("r", "b", "#{payload.hashCode()}", "l"), null);
		assertThat(policies.retry()).isEqualTo("r");
		assertThat(policies.circuitBreaker()).isEqualTo("b");
		assertThat(policies.circuitBreakerKey()).hasToString("'#{payload.hashCode()}'");
		assertThat(policies.rateLimiter()).isEqualTo("l");
	}

	@Test
	void anEmptyNameTakesAwayWhatTheAnnotationNames() {
		assertThat(of(Full.class, new PolicyOverrides("", "", null, " "), "by-default")).isEqualTo(JobPolicies.NONE);
		assertThat(of(Full.class, new PolicyOverrides(null, null, "", null), null).circuitBreakerKey()).isNull();
	}

	@Test
	void theDefaultRetryIsForThoseThatNameNone() {
		assertThat(of(Plain.class, PolicyOverrides.NONE, "by-default").retry()).isEqualTo("by-default");
	}

	@Test
	void refusesAKeyThatChoosesNothing() {
		refused(new PolicyOverrides(null, null, "tenant", null), Mail.class,
				"is the same for every payload: write an expression, such as #{payload.tenant()}");
		refused(new PolicyOverrides(null, null, "#{payload.", null), Mail.class, "cannot be parsed");
		refused(PolicyOverrides.NONE, null, "needs a payload, but there is none");
		assertThatExceptionOfType(InvalidJobException.class)
			.isThrownBy(() -> of(Plain.class, new PolicyOverrides(null, null, "#{payload.to()}", null), null))
			.withMessage("There is a circuitBreakerKey, but no circuitBreaker");
	}

	private static void refused(PolicyOverrides override, @Nullable Class<?> payloadType, String message) {
		BackgroundJob annotation = Full.class.getAnnotation(BackgroundJob.class);
		assertThatExceptionOfType(InvalidJobException.class)
			.isThrownBy(() -> PolicyNames.of(annotation, override, PLACEHOLDERS, null, payloadType))
			.withMessageContaining(message);
	}

	private static JobPolicies of(Class<?> handler, PolicyOverrides override, @Nullable String defaultRetry) {
		return PolicyNames.of(handler.getAnnotation(BackgroundJob.class), override, PLACEHOLDERS, defaultRetry,
				Mail.class);
	}

	record Mail(String to) {
	}

	@BackgroundJob(retry = "mail-${region}", circuitBreaker = "smtp", circuitBreakerKey = "#{payload.to()}",
			rateLimiter = "outbound")
	private static final class Full {

	}

	@BackgroundJob
	private static final class Plain {

	}

}
