package io.jobstarter.worker;

import java.util.regex.Pattern;

import io.jobstarter.InvalidJobException;
import io.jobstarter.support.CleanText;

/**
 * One entry of what a node serves: the name of a queue, or how the names of queues begin,
 * followed by one asterisk.
 *
 * @param text what stands in the configuration: {@code mailers}, {@code mail*} or
 * {@code *}
 */
public record QueuePattern(String text) {

	private static final Pattern SYNTAX = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,99}\\*?|\\*");

	/**
	 * Reads an entry.
	 * @throws InvalidJobException if it is neither a name nor a beginning with an
	 * asterisk
	 */
	public QueuePattern {
		if (!SYNTAX.matcher(text).matches()) {
			throw new InvalidJobException("'" + CleanText.printable(text, 120)
					+ "' is neither the name of a queue nor the beginning of one followed by an asterisk");
		}
	}

	/**
	 * Tells whether it stands for many queues.
	 * @return whether it ends in an asterisk
	 */
	public boolean isWildcard() {
		return this.text.endsWith("*");
	}

	/**
	 * Tells whether it stands for a queue.
	 * @param queue the queue's name
	 * @return whether it does
	 */
	public boolean matches(String queue) {
		return isWildcard() ? queue.startsWith(prefix()) : queue.equals(this.text);
	}

	/**
	 * Tells how the names begin that it stands for.
	 * @return the text before the asterisk, or the name
	 */
	String prefix() {
		return isWildcard() ? this.text.substring(0, this.text.length() - 1) : this.text;
	}

}
