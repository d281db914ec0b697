package io.jobstarter.support;

import java.util.Arrays;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Set;
import java.util.function.Supplier;

import org.jspecify.annotations.Nullable;

/**
 * Stands in the log for an error whose texts cannot stand there: messages of several
 * lines, with control codes, or of any length, and errors whose own methods throw, which
 * logging would hand on to whoever logs. It has the frames of that error, and its causes.
 */
public final class LoggedError extends Exception {

	private static final long serialVersionUID = 1L;

	private static final int MAX_TEXT = 2_000;

	private static final int MAX_LINKS = 20;

	private static final StackTraceElement[] NO_FRAMES = {};

	private LoggedError(Throwable error, @Nullable Throwable cause) {
		super(CleanText.oneLine(error, MAX_TEXT), cause);
		setStackTrace(framesOf(error));
	}

	/**
	 * Makes an error fit for the log.
	 * @param error what was thrown, by whomever
	 * @return the error itself if all of its texts are lines, otherwise what stands for
	 * it
	 */
	public static Throwable of(Throwable error) {
		Set<Throwable> seen = Collections.newSetFromMap(new IdentityHashMap<>());
		return isHarmless(error, seen) ? error : standIn(error, Collections.newSetFromMap(new IdentityHashMap<>()));
	}

	private static boolean isHarmless(@Nullable Throwable error, Set<Throwable> seen) {
		if (error == null || !seen.add(error)) {
			return true;
		}
		try {
			return seen.size() <= MAX_LINKS && isLine(error.getMessage()) && isLine(error.toString())
					&& Arrays.stream(error.getStackTrace()).allMatch((frame) -> isLine(frame.getClassName()))
					&& isHarmless(error.getCause(), seen)
					&& Arrays.stream(error.getSuppressed()).allMatch((other) -> isHarmless(other, seen));
		}
		catch (Throwable ex) {
			return false;
		}
	}

	private static boolean isLine(@Nullable String text) {
		return text == null || (text.length() <= MAX_TEXT && CleanText.printable(text, MAX_TEXT).equals(text));
	}

	private static LoggedError standIn(Throwable error, Set<Throwable> seen) {
		seen.add(error);
		Throwable cause = tried(error::getCause, null);
		LoggedError standIn = new LoggedError(error,
				(cause != null && goesOn(cause, seen)) ? standIn(cause, seen) : null);
		for (Throwable other : error.getSuppressed()) {
			if (goesOn(other, seen)) {
				standIn.addSuppressed(standIn(other, seen));
			}
		}
		return standIn;
	}

	private static boolean goesOn(Throwable link, Set<Throwable> seen) {
		return seen.size() < MAX_LINKS && !seen.contains(link);
	}

	private static StackTraceElement[] framesOf(Throwable error) {
		StackTraceElement[] frames = tried(error::getStackTrace, NO_FRAMES);
		return Arrays.stream((frames != null) ? frames : NO_FRAMES)
			.map(LoggedError::frame)
			.toArray(StackTraceElement[]::new);
	}

	// Of a generated class it may hold anything.
	private static StackTraceElement frame(StackTraceElement frame) {
		return isLine(frame.getClassName()) ? frame
				: new StackTraceElement(CleanText.printable(frame.getClassName(), MAX_TEXT), frame.getMethodName(),
						frame.getFileName(), frame.getLineNumber());
	}

	private static <T> @Nullable T tried(Supplier<? extends @Nullable T> getter, @Nullable T otherwise) {
		try {
			return getter.get();
		}
		catch (Throwable ex) {
			return otherwise;
		}
	}

	@Override
	public String toString() {
		return String.valueOf(getMessage());
	}

	@Override
	public synchronized Throwable fillInStackTrace() {
		return this;
	}

}
