package io.jobstarter.autoconfigure.actuate;

import java.util.StringJoiner;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a stack trace says of the code, without what exceptions say of the data: classes
 * and frames, no messages.
 */
final class StackFrames {

	private static final Pattern FRAME = Pattern
		.compile("\t+(?:at [\\w.$/@<>-]+\\([\\w.$<> -]*(?::\\d+)?\\)|… \\d+ more)");

	private static final Pattern FIRST = Pattern.compile("([\\p{L}_$][\\p{L}\\p{N}_$.]*)(?::.*)?");

	// The class of an exception is in a package; the word of a message hardly ever is.
	private static final Pattern EXCEPTION = Pattern
		.compile("(\t*(?:Caused by: |Suppressed: ))((?:[\\p{L}_$][\\p{L}\\p{N}_$]*\\.)+[\\p{L}\\p{N}_$]+)(?::.*)?");

	private StackFrames() {
	}

	static String of(String stackTrace) {
		StringJoiner frames = new StringJoiner("\n", "", "\n").setEmptyValue("");
		String[] lines = stackTrace.split("\n");
		Matcher first = FIRST.matcher(lines[0]);
		if (first.matches()) {
			frames.add(first.group(1));
		}
		for (int i = 1; i < lines.length; i++) {
			Matcher exception = EXCEPTION.matcher(lines[i]);
			if (exception.matches()) {
				frames.add(exception.group(1) + exception.group(2));
			}
			else if (FRAME.matcher(lines[i]).matches()) {
				frames.add(lines[i]);
			}
		}
		return frames.toString();
	}

}
