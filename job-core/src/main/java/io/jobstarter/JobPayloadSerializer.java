package io.jobstarter;

/**
 * Turns payloads into text and back. The type comes from the handler, never from the
 * text.
 */
public interface JobPayloadSerializer {

	/**
	 * Writes a payload.
	 * @param payload the payload
	 * @return the text
	 * @throws InvalidPayloadException if it cannot be written
	 */
	String serialize(Object payload);

	/**
	 * Reads a payload.
	 * @param <P> the payload type
	 * @param text the text
	 * @param type the payload type that the handler declares
	 * @return the payload
	 * @throws InvalidPayloadException if the text does not fit the type
	 */
	<P> P deserialize(String text, Class<P> type);

	/**
	 * Says at start whether payloads of a type can be written and read at all, so that
	 * nobody learns it from the first job. Does nothing by default.
	 * @param type the payload type that a handler declares
	 * @throws InvalidPayloadException if they cannot
	 */
	default void check(Class<?> type) {
	}

}
