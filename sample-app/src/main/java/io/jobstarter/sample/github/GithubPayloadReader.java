package io.jobstarter.sample.github;

import java.io.IOException;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.deser.std.StdScalarDeserializer;
import com.fasterxml.jackson.databind.deser.std.StringDeserializer;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;

/**
 * Reads GitHub's JSON, with a mapper of its own: how the application writes its own JSON
 * must not change what it understands of theirs.
 */
final class GithubPayloadReader {

	private static final JsonMapper MAPPER = JsonMapper.builder()
		.addModule(new JavaTimeModule())
		.addModule(new SimpleModule().addDeserializer(String.class, new StorableStringDeserializer()))
		.propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
		// GitHub adds properties at any time.
		.disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
		// An id that is missing is not 0.
		.enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
		.build();

	private GithubPayloadReader() {
	}

	static GithubPayload read(String json) throws JsonProcessingException {
		return MAPPER.readValue(json, GithubPayload.class);
	}

	/**
	 * Makes every text storable on its way in, so that no column can be forgotten.
	 */
	private static final class StorableStringDeserializer extends StdScalarDeserializer<String> {

		private static final long serialVersionUID = 1;

		StorableStringDeserializer() {
			super(String.class);
		}

		@Override
		public String deserialize(JsonParser parser, DeserializationContext context) throws IOException {
			String text = StringDeserializer.instance.deserialize(parser, context);
			return (text != null) ? StorableText.of(text) : null;
		}

	}

}
