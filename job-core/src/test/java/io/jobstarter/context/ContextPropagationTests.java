package io.jobstarter.context;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.function.Supplier;
import java.util.stream.IntStream;

import io.jobstarter.JobContextException;
import io.jobstarter.JobContextPropagator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests of {@link ContextPropagation}.
 */
@ExtendWith(OutputCaptureExtension.class)
class ContextPropagationTests {

	private final List<String> calls = new ArrayList<>();

	@Test
	void capturesWithAllPropagatorsInTheirOrder() {
		ContextPropagation context = of(new Step("a"), new Step("b"));
		assertThat(context.capture()).containsExactly(Map.entry("a", "captured"), Map.entry("b", "captured"));
	}

	@Test
	void restoresInOrderAndClosesInTheReverseOrder() {
		JobContextPropagator.Scope scope = of(new Step("a"), new Step("b")).restore(Map.of("x", "1"));
		assertThat(this.calls).containsExactly("a restores {x=1}", "b restores {x=1}");
		scope.close();
		assertThat(this.calls).endsWith("b closes", "a closes");
	}

	@Test
	void addsNoHeaderWithoutAValue() {
		assertThat(of(new Capturing((headers) -> headers.accept("tenant", null))).capture()).isEmpty();
	}

	@Test
	void goesOnWithoutAPropagatorThatCannotCaptureAndSaysSoOnce(CapturedOutput output) {
		ContextPropagation context = of(new Capturing((headers) -> {
			headers.accept("half", "of it");
			throw new NoClassDefFoundError("gone");
		}), new Step("b"));
		assertThat(context.capture()).containsOnlyKeys("b");
		assertThat(context.capture()).containsOnlyKeys("b");
		assertThat(output.getAll())
			.containsOnlyOnce("Jobs are enqueued without the context of " + Capturing.class.getName()
					+ ", which failed to capture")
			.contains("NoClassDefFoundError: gone");
	}

	@Test
	void leavesOutAHeaderThatCannotBeStoredAndSaysSoOnce(CapturedOutput output) {
		ContextPropagation context = of(new Capturing((headers) -> {
			headers.accept("long", "x".repeat(4_001));
			headers.accept("n".repeat(101), "x");
			headers.accept("good", "x".repeat(4_000));
		}));
		assertThat(context.capture()).containsOnlyKeys("good");
		assertThat(context.capture()).containsOnlyKeys("good");
		assertThat(output.getAll()).containsOnlyOnce("Jobs are enqueued without the header")
			.contains("'long' of " + Capturing.class.getName() + ": A header value has 0 to 4000 characters, not 4001");
	}

	@Test
	void carriesFiftyHeadersAtMost(CapturedOutput output) {
		ContextPropagation context = of(new Capturing(
				(headers) -> IntStream.rangeClosed(1, 60).forEach((i) -> headers.accept("header-" + i, "x"))));
		assertThat(context.capture()).hasSize(50).containsKey("header-50");
		assertThat(output.getAll()).containsOnlyOnce("without the header 'header-51'");
	}

	@Test
	void leavesNothingBehindWhenOneCannotRestore() {
		ContextPropagation context = of(new Step("a"), new Step("b"), new Restoring(() -> {
			throw new IllegalStateException("no such tenant");
		}), new Step("d"));
		assertThatExceptionOfType(JobContextException.class).isThrownBy(() -> context.restore(Map.of()))
			.withMessage("The context of the job could not be restored by " + Restoring.class.getName()
					+ ": java.lang.IllegalStateException: no such tenant")
			.withCauseInstanceOf(IllegalStateException.class);
		assertThat(this.calls).containsExactly("a restores {}", "b restores {}", "b closes", "a closes");
	}

	@Test
	void closesTheOthersThoughOneCannot(CapturedOutput output) {
		ContextPropagation context = of(new Step("a"), new Restoring(() -> () -> {
			throw new IllegalStateException("stays");
		}), new Step("c"));
		context.restore(Map.of()).close();
		assertThat(this.calls).endsWith("c closes", "a closes");
		assertThat(output.getAll()).contains("What " + Restoring.class.getName() + " restored", "stays");
	}

	private static ContextPropagation of(JobContextPropagator... propagators) {
		return new ContextPropagation(List.of(propagators));
	}

	/**
	 * Notes what it does.
	 */
	private final class Step implements JobContextPropagator {

		private final String name;

		Step(String name) {
			this.name = name;
		}

		@Override
		public void capture(BiConsumer<String, @Nullable String> headers) {
			headers.accept(this.name, "captured");
		}

		@Override
		public Scope restore(Map<String, String> headers) {
			ContextPropagationTests.this.calls.add(this.name + " restores " + new LinkedHashMap<>(headers));
			return () -> ContextPropagationTests.this.calls.add(this.name + " closes");
		}

	}

	/**
	 * Only captures.
	 *
	 * @param body how
	 */
	private record Capturing(Capture body) implements JobContextPropagator {

		@Override
		public void capture(BiConsumer<String, @Nullable String> headers) {
			this.body.into(headers);
		}

		@Override
		public Scope restore(Map<String, String> headers) {
			return Scope.NONE;
		}

	}

	private interface Capture {

		void into(BiConsumer<String, @Nullable String> headers);

	}

	/**
	 * Only restores.
	 *
	 * @param body how
	 */
	private record Restoring(Supplier<JobContextPropagator.Scope> body) implements JobContextPropagator {

		@Override
		public void capture(BiConsumer<String, @Nullable String> headers) {
		}

		@Override
		public Scope restore(Map<String, String> headers) {
			return this.body.get();
		}

	}

}
