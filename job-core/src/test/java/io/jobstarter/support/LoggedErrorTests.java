package io.jobstarter.support;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class LoggedErrorTests {

	@Test
	void leavesAnErrorAloneWhoseTextsAreLines() {
		Exception error = new IllegalStateException("no such host", new Exception("grüße"));
		error.addSuppressed(new Exception());
		assertThat(LoggedError.of(error)).isSameAs(error);
	}

	@Test
	void standsForAnErrorThatWouldForgeLines() {
		Exception error = new IllegalStateException("outer", new Exception("a\nINFO all is well\u001B[31m"));
		error.addSuppressed(new Exception("b\r\nINFO"));
		Throwable logged = LoggedError.of(error);
		assertThat(trace(logged)).startsWith("java.lang.IllegalStateException: outer\n")
			.contains("Caused by: java.lang.Exception: a INFO all is well [31m\n")
			.contains("Suppressed: java.lang.Exception: b  INFO\n")
			.doesNotContain("\u001B", "\r");
		assertThat(logged.getStackTrace()).isEqualTo(error.getStackTrace());
	}

	@Test
	void standsForAnErrorWhoseMethodsThrow() {
		assertThat(trace(LoggedError.of(new Exception("outer", new Unreadable()))))
			.contains("Caused by: " + Unreadable.class.getName());
	}

	@Test
	void cutsWhatIsLongAndEndsWhereCausesGoInCircles() {
		Exception circle = new Exception("x".repeat(50_000));
		circle.initCause(new Exception("y", circle));
		assertThat(trace(LoggedError.of(circle))).hasSizeLessThan(30_000).contains("Caused by: java.lang.Exception: y");
		Exception chain = new Exception("end\n");
		for (int i = 0; i < 10_000; i++) {
			chain = new Exception("link", chain);
		}
		Throwable logged = LoggedError.of(chain);
		int links = 0;
		for (Throwable link = logged; link != null; link = link.getCause()) {
			links++;
		}
		assertThat(links).isEqualTo(20);
	}

	@Test
	void namesAClassAsALine() {
		StackTraceElement frame = new StackTraceElement("Bad\nINFO", "run", null, 1);
		Exception error = new Exception("plain");
		error.setStackTrace(List.of(frame).toArray(StackTraceElement[]::new));
		assertThat(LoggedError.of(error).getStackTrace()[0].getClassName()).isEqualTo("Bad INFO");
	}

	private static String trace(Throwable error) {
		StringWriter trace = new StringWriter();
		error.printStackTrace(new PrintWriter(trace));
		return trace.toString();
	}

	private static final class Unreadable extends Exception {

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
		public String toString() {
			throw new IllegalStateException();
		}

	}

}
