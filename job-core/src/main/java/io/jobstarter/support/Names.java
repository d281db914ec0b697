package io.jobstarter.support;

import java.util.Locale;
import java.util.regex.Pattern;

import io.jobstarter.InvalidJobException;

/**
 * What names may look like, so that they are safe in a log line, an address and a page.
 */
public final class Names {

	private static final Pattern JOB = Pattern.compile("[a-z0-9][a-z0-9-]{0,99}");

	private static final Pattern QUEUE = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,99}");

	private static final Pattern TAG = Pattern.compile("[A-Za-z0-9][A-Za-z0-9:._/-]{0,99}");

	private static final Pattern WORD_START = Pattern.compile("(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])");

	private Names() {
	}

	/**
	 * Checks a job name.
	 * @param name the name
	 * @return the name
	 * @throws InvalidJobException if it does not fit
	 */
	public static String job(String name) {
		return check("job name", name, JOB);
	}

	/**
	 * Checks a queue name.
	 * @param queue the queue
	 * @return the queue
	 * @throws InvalidJobException if it does not fit
	 */
	public static String queue(String queue) {
		return check("queue name", queue, QUEUE);
	}

	/**
	 * Checks the id of a recurring job.
	 * @param id the id
	 * @return the id
	 * @throws InvalidJobException if it does not fit
	 */
	public static String recurring(String id) {
		return check("id of a recurring job", id, QUEUE);
	}

	/**
	 * Tells whether a text can be a queue's name.
	 * @param text the text
	 * @return whether it fits
	 */
	public static boolean isQueue(String text) {
		return QUEUE.matcher(text).matches();
	}

	/**
	 * Checks a tag.
	 * @param tag the tag
	 * @return the tag
	 * @throws InvalidJobException if it does not fit
	 */
	public static String tag(String tag) {
		return check("tag", tag, TAG);
	}

	/**
	 * Checks the name of a header.
	 * @param name the name
	 * @return the name
	 * @throws InvalidJobException if it does not fit
	 */
	public static String header(String name) {
		return text("header name", name, 1, 100);
	}

	/**
	 * Checks the value of a header.
	 * @param value the value
	 * @return the value
	 * @throws InvalidJobException if it does not fit
	 */
	public static String headerValue(String value) {
		return text("header value", value, 0, 4_000);
	}

	/**
	 * Checks text that is stored and shown: not too long, and nothing in it that a
	 * database refuses.
	 * @param what what the text is, for the message
	 * @param text the text
	 * @param min the fewest characters
	 * @param max the most characters
	 * @return the text
	 * @throws InvalidJobException if it does not fit
	 */
	public static String text(String what, String text, int min, int max) {
		if (text.length() < min || text.length() > max) {
			throw new InvalidJobException(
					"A " + what + " has " + min + " to " + max + " characters, not " + text.length());
		}
		if (!CleanText.isClean(text)) {
			throw new InvalidJobException("A " + what + " holds no NUL character and no lone surrogate");
		}
		return text;
	}

	/**
	 * Makes a job name of a Java name: {@code SendHTTPRequest} becomes
	 * {@code send-http-request}.
	 * @param simpleName the simple name of a class or method
	 * @return the kebab-case name, not checked
	 */
	public static String kebabCase(String simpleName) {
		return WORD_START.matcher(simpleName).replaceAll("-").toLowerCase(Locale.ROOT);
	}

	private static String check(String what, String value, Pattern pattern) {
		if (!pattern.matcher(value).matches()) {
			throw new InvalidJobException(
					"The " + what + " '" + CleanText.printable(value, 120) + "' does not match " + pattern.pattern());
		}
		return value;
	}

}
