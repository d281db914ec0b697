package io.jobstarter.handler;

import com.fasterxml.jackson.annotation.JsonTypeInfo;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonDeserializer;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.deser.BeanDeserializerBase;
import com.fasterxml.jackson.databind.deser.DefaultDeserializationContext;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.datatype.jdk8.Jdk8Module;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import com.fasterxml.jackson.module.paramnames.ParameterNamesModule;
import io.jobstarter.InvalidPayloadException;
import io.jobstarter.JobPayloadSerializer;
import io.jobstarter.support.CleanText;

/**
 * Payloads as JSON, by a mapper of its own: what the application does to its mapper for
 * the web does not change what is in the queue. Unknown properties are ignored, so that
 * two releases can share a queue. No class is ever named by the JSON: a
 * {@link JsonTypeInfo} that does so is refused, and so is a field that holds a class.
 */
public final class JacksonPayloadSerializer implements JobPayloadSerializer {

	private final JsonMapper mapper = mapper().build();

	static JsonMapper.Builder mapper() {
		return NoClassNames.builder()
			.addModules(new JavaTimeModule(), new Jdk8Module(), new ParameterNamesModule())
			.disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
			.disable(SerializationFeature.FAIL_ON_EMPTY_BEANS)
			.disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS)
			.disable(SerializationFeature.WRITE_DURATIONS_AS_TIMESTAMPS)
			.enable(SerializationFeature.WRITE_DATES_WITH_ZONE_ID)
			.disable(DeserializationFeature.ADJUST_DATES_TO_CONTEXT_TIME_ZONE);
	}

	@Override
	public String serialize(Object payload) {
		String json;
		try {
			json = this.mapper.writeValueAsString(payload);
		}
		catch (JsonProcessingException | RuntimeException | StackOverflowError ex) {
			throw new InvalidPayloadException("A " + payload.getClass().getName() + " cannot be written as JSON: "
					+ CleanText.printable(String.valueOf(ex.getMessage()), 500), ex);
		}
		if (!CleanText.isClean(json)) {
			throw new InvalidPayloadException(
					"A string in this " + payload.getClass().getName() + " holds a lone surrogate, which is not text");
		}
		return json;
	}

	@Override
	public <P> P deserialize(String text, Class<P> type) {
		P payload;
		try {
			payload = this.mapper.readValue(text, type);
		}
		catch (JsonProcessingException | RuntimeException | StackOverflowError ex) {
			// Not the parser's own message: it quotes the payload.
			throw new InvalidPayloadException("The stored payload is not a readable " + type.getName() + " ("
					+ ex.getClass().getSimpleName() + ")", null);
		}
		if (payload == null) {
			throw new InvalidPayloadException("The stored payload is null, not a " + type.getName());
		}
		return payload;
	}

	@Override
	public void check(Class<?> type) {
		try {
			this.mapper.getSerializerProviderInstance().findValueSerializer(type);
			if (!canInstantiate(deserializer(type))) {
				throw new InvalidPayloadException(type.getName() + " cannot be made from JSON: it is an inner "
						+ "class, or has several constructors of which none is meant for that");
			}
		}
		catch (JsonMappingException | IllegalArgumentException ex) {
			throw new InvalidPayloadException(
					type.getName() + " is nothing that JSON can hold: " + CleanText.printable(reason(ex), 500), ex);
		}
	}

	private JsonDeserializer<Object> deserializer(Class<?> type) throws JsonMappingException {
		DefaultDeserializationContext context = (DefaultDeserializationContext) this.mapper.getDeserializationContext();
		return context.createDummyInstance(this.mapper.getDeserializationConfig())
			.findRootValueDeserializer(this.mapper.constructType(type));
	}

	private static boolean canInstantiate(JsonDeserializer<?> deserializer) {
		return !(deserializer instanceof BeanDeserializerBase bean) || bean.getValueInstantiator().canInstantiate();
	}

	private static String reason(Exception ex) {
		return String.valueOf((ex instanceof JsonMappingException json) ? json.getOriginalMessage() : ex.getMessage());
	}

}
