package io.jobstarter.observation;

import io.micrometer.tracing.TraceContext;
import io.micrometer.tracing.Tracer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests of {@link SpanText}.
 */
class SpanTextTests {

	private static final String TRACE = "0af7651916cd43dd8448eb211c80319c";

	private static final String SPAN = "b7ad6b7169203331";

	@Test
	void writesWhatW3CSays() {
		assertThat(SpanText.of(new Span(TRACE, SPAN, true))).contains("00-" + TRACE + "-" + SPAN + "-01");
		assertThat(SpanText.of(new Span(TRACE, SPAN, null))).contains("00-" + TRACE + "-" + SPAN + "-01");
	}

	@Test
	void fillsUpAShortTrace() {
		assertThat(SpanText.of(new Span("8448eb211c80319c", SPAN, true)))
			.contains("00-00000000000000008448eb211c80319c-" + SPAN + "-01");
	}

	@Test
	void writesNothingOfWhatNobodyWillSee() {
		assertThat(SpanText.of(new Span(TRACE, SPAN, false))).isEmpty();
		assertThat(SpanText.of(TraceContext.NOOP)).isEmpty();
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "00", "<script>", "00-" + TRACE + "-" + SPAN + "-00",
			"01-" + TRACE + "-" + SPAN + "-01", "00-" + TRACE + "-" + SPAN + "-01\n" })
	void readsNothingOfAnythingElse(String text) {
		assertThat(SpanText.read(text, Tracer.NOOP)).isEmpty();
	}

	private record Span(String traceId, String spanId, @Nullable Boolean sampled) implements TraceContext {

		@Override
		public @Nullable String parentId() {
			return null;
		}

	}

}
