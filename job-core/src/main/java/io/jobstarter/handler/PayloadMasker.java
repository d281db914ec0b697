package io.jobstarter.handler;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Supplier;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.TreeNode;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JavaType;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.jobstarter.Sensitive;
import io.jobstarter.handler.SensitiveProperties.Property;
import io.jobstarter.handler.SensitiveProperties.TypeProperties;
import org.jspecify.annotations.Nullable;

/**
 * Makes payloads and headers fit to be shown: what is {@link Sensitive}, or has the name
 * of a secret, becomes {@value #MASK}. What cannot be judged is masked: a payload that is
 * no JSON, one of a job that this application has no handler for, and a property that the
 * payload type does not have, which may be a secret of another release.
 */
public final class PayloadMasker {

	/**
	 * What stands in place of what is not shown.
	 */
	public static final String MASK = "******";

	private static final TextNode MASKED = TextNode.valueOf(MASK);

	private static final TypeProperties NOTHING = new TypeProperties(false, null, Map.of());

	private final HandlerRegistry handlers;

	private final SensitiveNames names;

	private final SensitiveProperties properties;

	// As it reads it, so it writes it: numbers keep all of their digits.
	private final JsonMapper mapper = JacksonPayloadSerializer.mapper()
		.enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
		.enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
		.disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
		.build();

	/**
	 * Makes a masker.
	 * @param handlers know the payload types
	 * @param names names of properties and headers to mask besides those that always are;
	 * case and punctuation do not matter, and a name that contains one is masked, too
	 */
	public PayloadMasker(HandlerRegistry handlers, Collection<String> names) {
		this.handlers = handlers;
		this.names = new SensitiveNames(names);
		this.properties = new SensitiveProperties(this.mapper.getSerializationConfig(), this.names);
	}

	/**
	 * Masks what is sensitive in a payload. Never fails.
	 * @param jobName the job's name
	 * @param payload the payload as it is stored
	 * @return the payload without it, as JSON in one line, or {@value #MASK} alone
	 */
	public String mask(String jobName, String payload) {
		try {
			return this.handlers.byName(jobName).map((definition) -> mask(definition, payload)).orElse(MASK);
		}
		catch (RuntimeException | StackOverflowError ex) {
			return MASK;
		}
	}

	private String mask(JobDefinition definition, String payload) {
		try {
			JsonNode json = this.mapper.readTree(payload);
			Class<?> type = definition.payloadType();
			JsonNode masked = (type != null) ? typed(json, this.mapper.constructType(type)) : nothing(json);
			return masked.equals(MASKED) ? MASK : this.mapper.writeValueAsString(masked);
		}
		catch (JsonProcessingException ex) {
			return MASK;
		}
	}

	private JsonNode nothing(JsonNode json) {
		return (json.isValueNode() && !json.isNull()) ? MASKED : object(json, NOTHING);
	}

	/**
	 * Masks the values of headers whose names are those of secrets.
	 * @param headers the headers
	 * @return the headers without them, in their order
	 */
	public Map<String, String> maskHeaders(Map<String, String> headers) {
		Map<String, String> masked = new LinkedHashMap<>();
		headers.forEach((name, value) -> masked.put(name, this.names.match(name) ? MASK : text(value)));
		return masked;
	}

	private JsonNode typed(JsonNode json, JavaType type) {
		if (json.isNull()) {
			return json;
		}
		if (isOpaque(type)) {
			return untyped(json);
		}
		TypeProperties properties = this.properties.of(type);
		if (properties.sensitive()) {
			return MASKED;
		}
		if (type.isReferenceType()) {
			return typed(json, type.getReferencedType());
		}
		return type.isContainerType() ? container(json, type) : object(json, properties);
	}

	private static boolean isOpaque(JavaType type) {
		return type.isJavaLangObject() || type.isTypeOrSubTypeOf(TreeNode.class);
	}

	private JsonNode container(JsonNode json, JavaType type) {
		JavaType content = type.getContentType();
		if (json.isArray()) {
			ArrayNode masked = this.mapper.createArrayNode();
			json.forEach((element) -> masked.add(typed(element, content)));
			return masked;
		}
		if (json.isObject() && type.isMapLikeType()) {
			if (this.properties.of(type.getKeyType()).sensitive()) {
				return MASKED;
			}
			ObjectNode masked = this.mapper.createObjectNode();
			json.properties()
				.forEach((entry) -> masked.set(entry.getKey(),
						named(entry.getKey(), entry.getValue(), () -> typed(entry.getValue(), content))));
			return masked;
		}
		// An array of bytes or characters is a text.
		return (json.isValueNode() && content.isPrimitive()) ? json : MASKED;
	}

	private JsonNode object(JsonNode json, TypeProperties properties) {
		if (json.isValueNode()) {
			return properties.hasSensitive() ? MASKED : value(json);
		}
		if (!json.isObject()) {
			return MASKED;
		}
		ObjectNode masked = this.mapper.createObjectNode();
		json.properties()
			.forEach((entry) -> masked.set(entry.getKey(), property(entry.getKey(), entry.getValue(), properties)));
		return masked;
	}

	private JsonNode property(String name, JsonNode json, TypeProperties type) {
		Property property = type.properties().get(name);
		if (property == null) {
			boolean isType = json.isValueNode() && name.equals(type.typeProperty());
			return (json.isNull() || isType) ? json : MASKED;
		}
		if (json.isNull()) {
			return json;
		}
		return property.sensitive() ? MASKED : unmarked(json, property.type());
	}

	private JsonNode unmarked(JsonNode json, @Nullable JavaType type) {
		if (type != null) {
			return typed(json, type);
		}
		return json.isValueNode() ? value(json) : MASKED;
	}

	private JsonNode value(JsonNode json) {
		return json.isTextual() ? TextNode.valueOf(text(json.textValue())) : json;
	}

	// A text that is JSON itself has names to go by.
	private String text(String text) {
		String stripped = text.strip();
		if (!stripped.startsWith("{") && !stripped.startsWith("[")) {
			return text;
		}
		try {
			JsonNode json = this.mapper.readTree(stripped);
			JsonNode masked = untyped(json);
			return masked.equals(json) ? text : this.mapper.writeValueAsString(masked);
		}
		catch (JsonProcessingException ex) {
			return text;
		}
	}

	private JsonNode untyped(JsonNode json) {
		if (json.isArray()) {
			ArrayNode masked = this.mapper.createArrayNode();
			json.forEach((element) -> masked.add(untyped(element)));
			return masked;
		}
		if (json.isObject()) {
			ObjectNode masked = this.mapper.createObjectNode();
			json.properties()
				.forEach((entry) -> masked.set(entry.getKey(),
						named(entry.getKey(), entry.getValue(), () -> untyped(entry.getValue()))));
			return masked;
		}
		return value(json);
	}

	private JsonNode named(String name, JsonNode json, Supplier<JsonNode> unmasked) {
		return (this.names.match(name) && !json.isNull()) ? MASKED : unmasked.get();
	}

}
