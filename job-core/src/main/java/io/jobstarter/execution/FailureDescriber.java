package io.jobstarter.execution;

import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Objects;
import java.util.Set;

import io.jobstarter.JobFailure;
import io.jobstarter.support.CleanText;
import org.jspecify.annotations.Nullable;

/**
 * Describes an exception for storage, whatever it is: of 50 MB, with a cycle of causes,
 * or with methods that throw.
 */
public final class FailureDescriber {

	private static final int MAX_TEXT = 65_536;

	private static final int MAX_REASON = 1_000;

	private static final int MAX_MESSAGE_IN_TRACE = 1_000;

	private static final int MAX_FRAMES = 200;

	private static final int MAX_CLASS_NAME = 1_000;

	private static final int MAX_SUPPRESSED = 10;

	private static final int MAX_FRAMES_OF_SUPPRESSED = 10;

	private static final int MAX_CAUSES = 20;

	private static final StackTraceElement[] NO_FRAMES = {};

	private FailureDescriber() {
	}

	/**
	 * Describes an exception.
	 * @param error the exception
	 * @return what can be stored of it
	 */
	public static JobFailure describe(Throwable error) {
		return new JobFailure(className(error), CleanText.storable(message(error), MAX_TEXT),
				CleanText.storable(stackTrace(error), MAX_TEXT));
	}

	// Of a generated class it may have 65,535 characters.
	private static String className(Throwable error) {
		return CleanText.storable(error.getClass().getName(), MAX_CLASS_NAME);
	}

	static String reason(String reason) {
		return CleanText.storable(reason, MAX_REASON);
	}

	private static String message(Throwable error) {
		try {
			String message = error.getMessage();
			return (message != null) ? message : "";
		}
		catch (Throwable ex) {
			return "(getMessage() threw " + ex.getClass().getName() + ")";
		}
	}

	// Not printStackTrace: it calls toString(), which may throw, and has no bound.
	private static String stackTrace(Throwable error) {
		StringBuilder trace = new StringBuilder();
		Set<Throwable> seen = Collections.newSetFromMap(new IdentityHashMap<>());
		@Nullable Throwable link = error;
		StackTraceElement[] enclosing = NO_FRAMES;
		while (link != null && seen.size() < MAX_CAUSES && seen.add(link) && trace.length() < MAX_TEXT) {
			StackTraceElement[] frames = frames(link);
			append(link, frames, frames.length - common(frames, enclosing), trace);
			enclosing = frames;
			link = cause(link);
		}
		return trace.toString();
	}

	private static void append(Throwable link, StackTraceElement[] frames, int own, StringBuilder trace) {
		if (!trace.isEmpty()) {
			trace.append("Caused by: ");
		}
		append(link, frames, Math.min(own, MAX_FRAMES), "\t", trace);
		Throwable[] suppressed = link.getSuppressed();
		for (int i = 0; i < Math.min(suppressed.length, MAX_SUPPRESSED); i++) {
			trace.append("\tSuppressed: ");
			append(suppressed[i], frames(suppressed[i]), MAX_FRAMES_OF_SUPPRESSED, "\t\t", trace);
		}
	}

	private static void append(Throwable link, StackTraceElement[] frames, int most, String indent,
			StringBuilder trace) {
		trace.append(className(link))
			.append(": ")
			.append(CleanText.storable(message(link), MAX_MESSAGE_IN_TRACE))
			.append('\n');
		int shown = Math.min(frames.length, most);
		for (int i = 0; i < shown; i++) {
			trace.append(indent).append("at ").append(frames[i]).append('\n');
		}
		if (frames.length > shown) {
			trace.append(indent).append("… ").append(frames.length - shown).append(" more\n");
		}
	}

	// What a cause's trace ends with like that of the exception around it, which shows it
	// already. Left out, so that the root cause of a long chain is within the bound.
	private static int common(StackTraceElement[] frames, StackTraceElement[] enclosing) {
		int common = 0;
		while (common < frames.length && common < enclosing.length
				&& frames[frames.length - 1 - common].equals(enclosing[enclosing.length - 1 - common])) {
			common++;
		}
		return common;
	}

	private static StackTraceElement[] frames(Throwable link) {
		try {
			// A subclass may well return null.
			return Objects.requireNonNullElse(link.getStackTrace(), NO_FRAMES);
		}
		catch (Throwable ex) {
			return NO_FRAMES;
		}
	}

	private static @Nullable Throwable cause(Throwable link) {
		try {
			return link.getCause();
		}
		catch (Throwable ex) {
			return null;
		}
	}

}
