package io.jobstarter;

/**
 * What this package needs to show text of others safely in a message.
 */
final class Text {

	private Text() {
	}

	static String abbreviate(String text, int max) {
		String printable = text.chars()
			.limit(max)
			.map((c) -> (Character.isISOControl(c) || Character.isSurrogate((char) c)) ? '?' : c)
			.collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
			.toString();
		return (text.length() <= max) ? printable : printable + "…";
	}

}
