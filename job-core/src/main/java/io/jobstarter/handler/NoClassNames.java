package io.jobstarter.handler;

import java.io.IOException;

import com.fasterxml.jackson.annotation.JsonTypeInfo;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.JavaType;
import com.fasterxml.jackson.databind.SerializerProvider;
import com.fasterxml.jackson.databind.cfg.MapperConfig;
import com.fasterxml.jackson.databind.deser.std.StdDeserializer;
import com.fasterxml.jackson.databind.introspect.Annotated;
import com.fasterxml.jackson.databind.introspect.JacksonAnnotationIntrospector;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.jsontype.PolymorphicTypeValidator;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.ser.std.StdSerializer;
import org.jspecify.annotations.Nullable;

/**
 * Keeps a mapper from ever looking at a class that JSON names: looking runs the class's
 * static initializer, whatever becomes of it afterwards.
 */
final class NoClassNames {

	private static final String REFUSAL = "A payload names no class: use @JsonTypeInfo(use = NAME) and @JsonSubTypes";

	private NoClassNames() {
	}

	// The introspector comes first: modules put theirs before it.
	static JsonMapper.Builder builder() {
		SimpleModule noClasses = new SimpleModule("no-class-names").addSerializer(new ClassSerializer())
			.addDeserializer(Class.class, new ClassDeserializer());
		return JsonMapper.builder()
			.annotationIntrospector(new Introspector())
			.polymorphicTypeValidator(new Validator())
			.addModule(noClasses);
	}

	/**
	 * Refuses the annotation, so that it is known at enqueue.
	 */
	private static final class Introspector extends JacksonAnnotationIntrospector {

		private static final long serialVersionUID = 1L;

		@Override
		public JsonTypeInfo.@Nullable Value findPolymorphicTypeInfo(MapperConfig<?> config, Annotated annotated) {
			JsonTypeInfo.Value info = super.findPolymorphicTypeInfo(config, annotated);
			if (info != null && namesClasses(info.getIdType())) {
				throw new IllegalArgumentException(REFUSAL);
			}
			return info;
		}

		private static boolean namesClasses(JsonTypeInfo.Id id) {
			return id == JsonTypeInfo.Id.CLASS || id == JsonTypeInfo.Id.MINIMAL_CLASS;
		}

	}

	/**
	 * Refuses what gets past the annotation. A validator without rules does not do: it
	 * lets the class be loaded before it says no.
	 */
	private static final class Validator extends PolymorphicTypeValidator {

		private static final long serialVersionUID = 1L;

		@Override
		public Validity validateBaseType(MapperConfig<?> config, JavaType baseType) {
			return Validity.DENIED;
		}

		@Override
		public Validity validateSubClassName(MapperConfig<?> config, JavaType baseType, String className) {
			return Validity.DENIED;
		}

		@Override
		public Validity validateSubType(MapperConfig<?> config, JavaType baseType, JavaType subType) {
			return Validity.DENIED;
		}

	}

	/**
	 * Writes no class, since none is read.
	 */
	@SuppressWarnings("rawtypes")
	private static final class ClassSerializer extends StdSerializer<Class> {

		private static final long serialVersionUID = 1L;

		ClassSerializer() {
			super(Class.class);
		}

		@Override
		public void serialize(Class value, JsonGenerator json, SerializerProvider provider) throws IOException {
			provider.reportBadDefinition(Class.class, REFUSAL);
		}

	}

	/**
	 * Reads no class.
	 */
	@SuppressWarnings("rawtypes")
	private static final class ClassDeserializer extends StdDeserializer<Class> {

		private static final long serialVersionUID = 1L;

		ClassDeserializer() {
			super(Class.class);
		}

		@Override
		public Class deserialize(JsonParser json, DeserializationContext context) throws IOException {
			return context.reportBadDefinition(Class.class, REFUSAL);
		}

	}

}
