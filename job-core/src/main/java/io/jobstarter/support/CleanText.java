package io.jobstarter.support;

/**
 * Makes text of others fit to be stored and shown.
 */
public final class CleanText {

	private static final char REPLACEMENT = '\uFFFD';

	private CleanText() {
	}

	/**
	 * Tells whether every database can store a text: it has no NUL and no lone surrogate.
	 * @param text the text
	 * @return whether it can be stored
	 */
	public static boolean isClean(CharSequence text) {
		for (int i = 0; i < text.length(); i++) {
			char c = text.charAt(i);
			if (c == 0 || Character.isLowSurrogate(c)) {
				return false;
			}
			if (Character.isHighSurrogate(c)) {
				i++;
				if (i == text.length() || !Character.isLowSurrogate(text.charAt(i))) {
					return false;
				}
			}
		}
		return true;
	}

	/**
	 * Cuts a text and replaces what cannot be stored.
	 * @param text the text
	 * @param max how many characters to keep
	 * @return the text, of at most {@code max} characters
	 */
	public static String storable(String text, int max) {
		String cut = (text.length() > max) ? text.substring(0, max - 1) + '…' : text;
		if (isClean(cut)) {
			return cut;
		}
		StringBuilder clean = new StringBuilder(cut.length());
		for (int i = 0; i < cut.length(); i++) {
			char c = cut.charAt(i);
			boolean pair = Character.isHighSurrogate(c) && i + 1 < cut.length()
					&& Character.isLowSurrogate(cut.charAt(i + 1));
			if (pair) {
				clean.append(c).append(cut.charAt(++i));
			}
			else {
				clean.append((c == 0 || Character.isSurrogate(c)) ? REPLACEMENT : c);
			}
		}
		return clean.toString();
	}

	/**
	 * Cuts a text and replaces line breaks and control codes, for a log line or a
	 * message.
	 * @param text the text
	 * @param max how many characters to keep
	 * @return one line of at most {@code max} characters
	 */
	public static String printable(String text, int max) {
		StringBuilder line = new StringBuilder(storable(text, max));
		int step;
		for (int i = 0; i < line.length(); i += step) {
			int point = line.codePointAt(i);
			step = Character.charCount(point);
			if (isHarmful(Character.getType(point))) {
				line.replace(i, i + step, " ".repeat(step));
			}
		}
		return line.toString();
	}

	private static boolean isHarmful(int type) {
		return type == Character.CONTROL || type == Character.FORMAT || type == Character.LINE_SEPARATOR
				|| type == Character.PARAGRAPH_SEPARATOR;
	}

	/**
	 * Tells an error in one line, even one whose own methods throw.
	 * @param error the error
	 * @param max how many characters to keep
	 * @return class and message, or the class alone
	 */
	public static String oneLine(Throwable error, int max) {
		try {
			return printable(error.toString(), max);
		}
		catch (Throwable ex) {
			return printable(error.getClass().getName(), max);
		}
	}

}
