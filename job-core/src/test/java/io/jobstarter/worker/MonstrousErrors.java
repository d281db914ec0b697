package io.jobstarter.worker;

import java.util.List;

/**
 * What a handler may throw that is hard to record.
 */
final class MonstrousErrors {

	private MonstrousErrors() {
	}

	static List<Throwable> all() {
		Exception circle = new Exception("circle");
		circle.initCause(new Exception("of causes", circle));
		Exception suppressing = new Exception("suppressing");
		suppressing.addSuppressed(new Unreadable());
		suppressing.addSuppressed(new Exception("\uDC00\u0000".repeat(10_000)));
		return List.of(new Exception("x".repeat(50_000_000)), circle,
				new Exception("a\u0000b\uD800c\uDC00".repeat(1_000)), new Unreadable(), suppressing,
				new RuntimeException("wrapping", new Unreadable()), new StackOverflowError());
	}

	/**
	 * Throws what need not be declared.
	 * @param error what to throw
	 * @return never
	 * @throws E the error
	 */
	@SuppressWarnings("unchecked")
	static <E extends Throwable> RuntimeException sneaky(Throwable error) throws E {
		throw (E) error;
	}

	/**
	 * Each of its methods throws.
	 */
	private static final class Unreadable extends RuntimeException {

		private static final long serialVersionUID = 1L;

		@Override
		public String getMessage() {
			throw new IllegalStateException();
		}

		@Override
		public String getLocalizedMessage() {
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

}
