package io.jobstarter.handler;

import io.jobstarter.InvalidJobException;
import io.jobstarter.support.FairShares;
import org.jspecify.annotations.Nullable;

/**
 * By which key jobs share their queue fairly with the others in it.
 *
 * @param text the key, or text with <code>#{…}</code> in it
 * @param expression makes the key of a payload, or {@code null} where the text is one
 */
public record FairBy(String text, @Nullable PayloadExpression expression) {

	/**
	 * Reads a declaration.
	 * @param text a key, or text with expressions, placeholders resolved
	 * @param payloadType what the handler takes, or {@code null} for nothing
	 * @return how to share, or {@code null} if the text is empty
	 * @throws InvalidJobException if it is neither
	 */
	static @Nullable FairBy of(String text, @Nullable Class<?> payloadType) {
		if (text.isEmpty()) {
			return null;
		}
		if (!PayloadExpression.isIn(text)) {
			FairShares.shareOf(text);
			return new FairBy(text, null);
		}
		if (payloadType == null) {
			throw new InvalidJobException("The key of fairBy '" + text + "' depends on a payload, but there is none");
		}
		return new FairBy(text, PayloadExpression.parse(text));
	}

	int shareFor(@Nullable Object payload) {
		return FairShares
			.shareOf((this.expression != null && payload != null) ? this.expression.evaluate(payload) : this.text);
	}

}
