package io.jobstarter.handler;

import io.jobstarter.InvalidJobException;
import io.jobstarter.support.Names;
import org.jspecify.annotations.Nullable;

/**
 * The queue of a job: a name, or expressions over the payload that make one.
 */
public final class JobQueue {

	private final String text;

	private final @Nullable PayloadExpression expression;

	private JobQueue(String text, @Nullable PayloadExpression expression) {
		this.text = text;
		this.expression = expression;
	}

	/**
	 * Reads a declaration.
	 * @param text a name, or text with <code>#{…}</code> in it, placeholders resolved
	 * @return the queue
	 * @throws InvalidJobException if it is neither
	 */
	public static JobQueue of(String text) {
		return PayloadExpression.isIn(text) ? new JobQueue(text, PayloadExpression.parse(text))
				: new JobQueue(Names.queue(text), null);
	}

	/**
	 * Tells whether all its jobs wait in the same queue.
	 * @return whether it is a name
	 */
	public boolean isFixed() {
		return this.expression == null;
	}

	/**
	 * Tells what is known of the names without a payload.
	 * @return the name, or how all of them begin
	 */
	public String beginning() {
		return (this.expression != null) ? this.expression.beginning() : this.text;
	}

	/**
	 * Chooses the queue of one job.
	 * @param payload its payload, or {@code null} if it has none
	 * @return the queue's name
	 * @throws InvalidJobException if the expression makes no name of this payload; the
	 * message shows the expression, but nothing of the payload
	 */
	String nameFor(@Nullable Object payload) {
		if (this.expression == null || payload == null) {
			return this.text;
		}
		String name = this.expression.evaluate(payload);
		if (!Names.isQueue(name)) {
			throw new InvalidJobException(
					"the expression " + this.expression + " made no name of a queue of this payload: "
							+ "one has 1 to 100 letters, digits, dots, dashes and underscores");
		}
		return name;
	}

	@Override
	public boolean equals(Object other) {
		return other instanceof JobQueue queue && this.text.equals(queue.text);
	}

	@Override
	public int hashCode() {
		return this.text.hashCode();
	}

	/**
	 * Shows the declaration.
	 * @return the name, or the text with expressions
	 */
	@Override
	public String toString() {
		return this.text;
	}

}
