package io.jobstarter.execution;

import java.util.Arrays;

import io.jobstarter.JobFailure;
import io.jobstarter.support.CleanText;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class FailureDescriberTests {

	private static final int BOUND = 65_536;

	@Test
	void tellsClassMessageAndTraceWithItsCauses() {
		JobFailure failure = FailureDescriber
			.describe(new IllegalStateException("outer", new IllegalArgumentException("inner")));
		assertThat(failure.errorClass()).isEqualTo("java.lang.IllegalStateException");
		assertThat(failure.message()).isEqualTo("outer");
		assertThat(failure.stackTrace()).startsWith("java.lang.IllegalStateException: outer\n")
			.contains("\tat " + getClass().getName() + ".tellsClassMessageAndTraceWithItsCauses(")
			.contains("Caused by: java.lang.IllegalArgumentException: inner\n");
	}

	@Test
	void leavesOutOfACauseWhatTheExceptionAroundItShows() {
		StackTraceElement here = new StackTraceElement("shop.Mail", "send", "Mail.java", 1);
		StackTraceElement around = new StackTraceElement("shop.Orders", "place", "Orders.java", 2);
		StackTraceElement below = new StackTraceElement("shop.Main", "main", "Main.java", 3);
		Exception inner = new Exception("inner");
		inner.setStackTrace(new StackTraceElement[] { here, around, below });
		Exception outer = new Exception("outer", inner);
		outer.setStackTrace(new StackTraceElement[] { around, below });
		assertThat(FailureDescriber.describe(outer).stackTrace()).isEqualTo("""
				java.lang.Exception: outer
				\tat shop.Orders.place(Orders.java:2)
				\tat shop.Main.main(Main.java:3)
				Caused by: java.lang.Exception: inner
				\tat shop.Mail.send(Mail.java:1)
				\t… 2 more
				""");
	}

	@Test
	void showsTheRootCauseOfALongChainOfDeepTraces() {
		Exception error = new Exception("root");
		StackTraceElement[] frames = new StackTraceElement[150];
		Arrays.fill(frames, new StackTraceElement("a.long.name.of.a.Type", "method", "Type.java", 1));
		error.setStackTrace(frames);
		for (int i = 0; i < 15; i++) {
			error = new Exception("wrapper", error);
			error.setStackTrace(frames);
		}
		assertThat(FailureDescriber.describe(error).stackTrace()).contains("Caused by: java.lang.Exception: root");
	}

	@Test
	void cutsAMessageOfFiftyMegabytes() {
		JobFailure failure = FailureDescriber.describe(new Exception("x".repeat(50_000_000)));
		assertThat(failure.message()).hasSize(BOUND).endsWith("x…");
		assertThat(failure.stackTrace()).hasSizeLessThanOrEqualTo(BOUND).contains("\tat ");
	}

	@Test
	void cutsTheTraceOfAnEndlessRecursion() {
		Exception deep = new Exception("deep");
		StackTraceElement[] frames = new StackTraceElement[100_000];
		Arrays.fill(frames, new StackTraceElement("Type", "method", "Type.java", 1));
		deep.setStackTrace(frames);
		assertThat(FailureDescriber.describe(deep).stackTrace()).hasSizeLessThanOrEqualTo(BOUND)
			.endsWith("\t… 99800 more\n");
	}

	@Test
	void tellsEachOfACircleOfCausesOnce() {
		Exception one = new Exception("first");
		Exception two = new Exception("second", one);
		one.initCause(two);
		assertThat(FailureDescriber.describe(one).stackTrace()).containsOnlyOnce("first").containsOnlyOnce("second");
	}

	@Test
	void boundsAnEndlessChainOfCauses() {
		assertThat(FailureDescriber.describe(new Endless()).stackTrace()).hasSizeLessThanOrEqualTo(BOUND);
	}

	@Test
	void recordsAnExceptionEachOfWhoseMethodsThrows() {
		JobFailure failure = FailureDescriber.describe(new RuntimeException("outer", new Hostile()));
		assertThat(failure.message()).isEqualTo("outer");
		assertThat(failure.stackTrace()).contains("Caused by: " + Hostile.class.getName());

		failure = FailureDescriber.describe(new Hostile());
		assertThat(failure.errorClass()).isEqualTo(Hostile.class.getName());
		assertThat(failure.message()).isEqualTo("(getMessage() threw java.lang.IllegalStateException)");
	}

	@Test
	void recordsAnExceptionWithoutMessageOrTrace() {
		JobFailure failure = FailureDescriber.describe(new Empty());
		assertThat(failure.message()).isEmpty();
		assertThat(failure.stackTrace()).startsWith(Empty.class.getName());
	}

	@Test
	void tellsWhatWasSuppressedThoughItsMethodsThrow() {
		Exception error = new Exception("read failed");
		error.addSuppressed(new IllegalStateException("close failed \uD800"));
		error.addSuppressed(new Hostile());
		error.addSuppressed(new Exception("x".repeat(1_000_000)));
		JobFailure failure = FailureDescriber.describe(error);
		assertThat(failure.stackTrace())
			.contains("\tSuppressed: java.lang.IllegalStateException: close failed \uFFFD\n")
			.contains("\tSuppressed: " + Hostile.class.getName())
			.contains("\t\tat " + getClass().getName())
			.hasSizeLessThanOrEqualTo(BOUND);
	}

	@Test
	void boundsWhatWasSuppressed() {
		Exception error = new Exception();
		for (int i = 0; i < 1_000; i++) {
			error.addSuppressed(new Exception("suppressed " + i));
		}
		assertThat(FailureDescriber.describe(error).stackTrace()).contains("suppressed 9\n")
			.doesNotContain("suppressed 10\n");
	}

	@Test
	void keepsNothingThatADatabaseRefuses() {
		JobFailure failure = FailureDescriber.describe(new Exception("a\u0000b\uD800c\uDC00d\uD83D\uDE00"));
		assertThat(failure.message()).isEqualTo("a\uFFFDb\uFFFDc\uFFFDd\uD83D\uDE00");
		assertThat(failure.stackTrace()).matches(CleanText::isClean);
	}

	private static class Hostile extends RuntimeException {

		private static final long serialVersionUID = 1L;

		@Override
		public String getMessage() {
			throw new IllegalStateException();
		}

		@Override
		public synchronized Throwable getCause() {
			throw new IllegalStateException();
		}

		@Override
		public StackTraceElement[] getStackTrace() {
			throw new IllegalStateException();
		}

		@Override
		public String toString() {
			throw new IllegalStateException();
		}

	}

	private static final class Empty extends Exception {

		private static final long serialVersionUID = 1L;

		@Override
		public StackTraceElement[] getStackTrace() {
			return null;
		}

	}

	private static final class Endless extends Exception {

		private static final long serialVersionUID = 1L;

		Endless() {
			super("again");
		}

		@Override
		public synchronized Throwable getCause() {
			return new Endless();
		}

	}

}
