package io.jobstarter.sample.github;

import java.nio.charset.StandardCharsets;

/**
 * Text that every database can hold.
 */
public final class StorableText {

	private StorableText() {
	}

	/**
	 * Replaces what JSON can express and a PostgreSQL text cannot hold: NUL and
	 * surrogates without their other half.
	 * @param text any text
	 * @return the text, changed only where it must
	 */
	static String of(String text) {
		// Encoding puts "?" in place of lone surrogates.
		return new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8).replace('\0', '\uFFFD');
	}

	/**
	 * Cuts a text to the length of its column.
	 * @param text the text
	 * @param max the most characters
	 * @return the text's beginning, never with half a surrogate pair at its end
	 */
	public static String cut(String text, int max) {
		if (text.length() <= max) {
			return text;
		}
		return text.substring(0, Character.isHighSurrogate(text.charAt(max - 1)) ? max - 1 : max);
	}

}
