package io.jobstarter.context;

import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TimeZone;

import io.jobstarter.JobContextPropagator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.slf4j.MDC;

import org.springframework.context.i18n.LocaleContextHolder;
import org.springframework.context.i18n.SimpleLocaleContext;
import org.springframework.context.i18n.SimpleTimeZoneAwareLocaleContext;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * Tests of {@link MdcPropagator} and {@link LocalePropagator}.
 */
class BuiltInPropagatorTests {

	private final MdcPropagator mdc = new MdcPropagator(List.of("requestId", "tenant"));

	private final LocalePropagator locale = new LocalePropagator();

	@AfterEach
	void clear() {
		MDC.clear();
		LocaleContextHolder.resetLocaleContext();
	}

	@Test
	void capturesTheChosenKeysOfTheMdcOnly() {
		MDC.put("requestId", "r-1");
		MDC.put("password", "secret");
		assertThat(capture(this.mdc)).containsExactly(Map.entry("context.mdc.requestId", "r-1"));
	}

	@Test
	void restoresTheMdcAndClearsItAgain() {
		JobContextPropagator.Scope scope = this.mdc.restore(Map.of("context.mdc.requestId", "r-1", "other", "x"));
		assertThat(MDC.getCopyOfContextMap()).isEqualTo(Map.of("requestId", "r-1"));
		MDC.put("left", "by the handler");
		scope.close();
		assertThat(mdcOfThisThread()).isEmpty();
	}

	@Test
	void bringsBackTheMdcThatWasThere() {
		MDC.put("requestId", "outer");
		MDC.put("node", "n1");
		JobContextPropagator.Scope scope = this.mdc.restore(Map.of("context.mdc.tenant", "blue"));
		assertThat(mdcOfThisThread()).isEqualTo(Map.of("tenant", "blue", "node", "n1"));
		scope.close();
		assertThat(mdcOfThisThread()).isEqualTo(Map.of("requestId", "outer", "node", "n1"));
	}

	@Test
	void capturesNoLocaleThatNobodyHasSet() {
		assertThat(capture(this.locale)).isEmpty();
	}

	@Test
	void capturesAndRestoresLocaleAndTimeZone() {
		LocaleContextHolder.setLocaleContext(new SimpleTimeZoneAwareLocaleContext(Locale.forLanguageTag("de-AT"),
				TimeZone.getTimeZone("Asia/Tokyo")));
		Map<String, String> headers = capture(this.locale);
		assertThat(headers).isEqualTo(Map.of("context.locale", "de-AT", "context.time-zone", "Asia/Tokyo"));
		LocaleContextHolder.resetLocaleContext();
		JobContextPropagator.Scope scope = this.locale.restore(headers);
		assertThat(LocaleContextHolder.getLocale()).isEqualTo(Locale.forLanguageTag("de-AT"));
		assertThat(LocaleContextHolder.getTimeZone().getID()).isEqualTo("Asia/Tokyo");
		scope.close();
		assertThat(LocaleContextHolder.getLocaleContext()).isNull();
	}

	@Test
	void capturesALocaleWithoutATimeZone() {
		LocaleContextHolder.setLocaleContext(new SimpleLocaleContext(Locale.ROOT));
		Map<String, String> headers = capture(this.locale);
		assertThat(headers).isEqualTo(Map.of("context.locale", "und"));
		this.locale.restore(headers);
		assertThat(LocaleContextHolder.getLocale()).isEqualTo(Locale.ROOT);
		assertThat(LocaleContextHolder.getTimeZone()).isEqualTo(TimeZone.getDefault());
	}

	@Test
	void aJobWithoutALocaleSeesNoneOfAnother() {
		LocaleContextHolder.setLocale(Locale.FRENCH);
		JobContextPropagator.Scope scope = this.locale.restore(Map.of());
		assertThat(LocaleContextHolder.getLocaleContext()).isNull();
		scope.close();
		assertThat(LocaleContextHolder.getLocale()).isEqualTo(Locale.FRENCH);
	}

	@Test
	void takesNoOtherTimeZoneForOneThatItDoesNotKnow() {
		assertThatIllegalArgumentException()
			.isThrownBy(() -> this.locale.restore(Map.of("context.time-zone", "Mars/Olympus")))
			.withMessageContaining("Mars/Olympus");
	}

	private static Map<String, String> capture(JobContextPropagator propagator) {
		Map<String, String> headers = new HashMap<>();
		propagator.capture((name, value) -> {
			if (value != null) {
				headers.put(name, value);
			}
		});
		return headers;
	}

	// Logback's is null or empty, depending on what was done before.
	private static Map<String, String> mdcOfThisThread() {
		Map<String, String> map = MDC.getCopyOfContextMap();
		return (map != null) ? map : Map.of();
	}

}
