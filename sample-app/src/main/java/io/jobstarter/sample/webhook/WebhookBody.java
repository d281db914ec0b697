package io.jobstarter.sample.webhook;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadFeature;

import io.jobstarter.sample.web.RequestRefused;

/**
 * Makes sure that a body is one JSON object in UTF-8. What passes can be stored as it is:
 * JSON allows a NUL or a lone surrogate only as an escape, which is plain ASCII.
 */
final class WebhookBody {

	// The parser's default limits apply too: 1,000 levels of nesting, names of 50,000
	// characters. It reads tokens and builds no tree.
	private static final JsonFactory JSON = JsonFactory.builder()
		// Two readers may take different ones of two equal keys; GitHub sends none.
		.enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
		// Names from outside have no place in the JVM's table of interned strings.
		.disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
		.disable(JsonFactory.Feature.CANONICALIZE_FIELD_NAMES)
		.build();

	private WebhookBody() {
	}

	/**
	 * Decodes a body.
	 * @param body the raw bytes
	 * @return the JSON text
	 * @throws RequestRefused if it is something else (400)
	 */
	static String decode(byte[] body) {
		String text = decodeUtf8(body);
		try (JsonParser parser = JSON.createParser(text)) {
			if (parser.nextToken() != JsonToken.START_OBJECT) {
				throw notAnObject();
			}
			parser.skipChildren();
			if (parser.nextToken() != null) {
				throw notAnObject();
			}
			return text;
		}
		catch (IOException ex) {
			throw notAnObject();
		}
	}

	private static String decodeUtf8(byte[] body) {
		try {
			// Unlike new String(...), a new decoder refuses malformed input.
			return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(body)).toString();
		}
		catch (CharacterCodingException ex) {
			throw RequestRefused.badRequest("The body is not UTF-8.");
		}
	}

	private static RequestRefused notAnObject() {
		return RequestRefused
			.badRequest("The body is not one well-formed JSON object without duplicate keys and excessive nesting.");
	}

}
