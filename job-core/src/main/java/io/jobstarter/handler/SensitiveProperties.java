package io.jobstarter.handler;

import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

import com.fasterxml.jackson.annotation.JsonTypeInfo;
import com.fasterxml.jackson.databind.BeanDescription;
import com.fasterxml.jackson.databind.JavaType;
import com.fasterxml.jackson.databind.PropertyName;
import com.fasterxml.jackson.databind.SerializationConfig;
import com.fasterxml.jackson.databind.introspect.AnnotatedClass;
import com.fasterxml.jackson.databind.introspect.AnnotatedMember;
import com.fasterxml.jackson.databind.introspect.BeanPropertyDefinition;
import com.fasterxml.jackson.databind.jsontype.NamedType;
import io.jobstarter.Sensitive;
import org.jspecify.annotations.Nullable;

/**
 * What types tell of the properties that their JSON has. Those of all subtypes that a
 * type names are its own here: its JSON may be of any of them.
 */
final class SensitiveProperties {

	private final SerializationConfig config;

	private final SensitiveNames names;

	private final Map<JavaType, TypeProperties> known = new ConcurrentHashMap<>();

	SensitiveProperties(SerializationConfig config, SensitiveNames names) {
		this.config = config;
		this.names = names;
	}

	TypeProperties of(JavaType type) {
		TypeProperties properties = this.known.get(type);
		if (properties == null) {
			properties = describe(type);
			this.known.put(type, properties);
		}
		return properties;
	}

	private TypeProperties describe(JavaType type) {
		BeanDescription description = this.config.introspect(type);
		AnnotatedClass annotated = description.getClassInfo();
		Map<String, Property> properties = new HashMap<>();
		add(description, properties);
		subtypes(annotated).filter((subtype) -> subtype != type.getRawClass())
			.map((subtype) -> this.config.introspect(this.config.constructType(subtype)))
			.forEach((subtype) -> add(subtype, properties));
		boolean sensitive = Boolean.TRUE.equals(mark(annotated.getAnnotation(Sensitive.class)))
				|| isSensitiveValue(description.findJsonValueAccessor());
		return new TypeProperties(sensitive, typeProperty(annotated), properties);
	}

	private Stream<Class<?>> subtypes(AnnotatedClass type) {
		Collection<NamedType> subtypes = this.config.getSubtypeResolver()
			.collectAndResolveSubtypesByClass(this.config, type);
		return subtypes.stream().map(NamedType::getType);
	}

	private void add(BeanDescription type, Map<String, Property> properties) {
		Sensitive whole = type.getClassInfo().getAnnotation(Sensitive.class);
		for (BeanPropertyDefinition definition : type.findProperties()) {
			Property property = Boolean.TRUE.equals(mark(whole)) ? Property.SENSITIVE : property(definition);
			properties.merge(definition.getName(), property, Property::or);
			definition.findAliases()
				.forEach((alias) -> properties.merge(alias.getSimpleName(), property, Property::or));
		}
	}

	private Property property(BeanPropertyDefinition definition) {
		Boolean marked = members(definition).map((member) -> mark(member.getAnnotation(Sensitive.class)))
			.filter(Objects::nonNull)
			.reduce(Boolean::logicalOr)
			.orElse(null);
		if (marked == null) {
			marked = namesOf(definition).anyMatch(this.names::match);
		}
		if (marked) {
			return Property.SENSITIVE;
		}
		// Its JSON is of a type that only the property names.
		boolean unclear = members(definition).anyMatch((member) -> member.hasAnnotation(JsonTypeInfo.class));
		return new Property(false, unclear ? null : definition.getPrimaryType());
	}

	private static Stream<AnnotatedMember> members(BeanPropertyDefinition definition) {
		return Stream
			.<AnnotatedMember>of(definition.getGetter(), definition.getField(), definition.getConstructorParameter(),
					definition.getSetter())
			.filter(Objects::nonNull);
	}

	private static Stream<String> namesOf(BeanPropertyDefinition definition) {
		return Stream.concat(Stream.of(definition.getName(), definition.getInternalName()),
				definition.findAliases().stream().map(PropertyName::getSimpleName));
	}

	// What is written as another value is as sensitive as that.
	private boolean isSensitiveValue(@Nullable AnnotatedMember member) {
		return member != null && (Boolean.TRUE.equals(mark(member.getAnnotation(Sensitive.class)))
				|| of(member.getType()).sensitive());
	}

	private static @Nullable Boolean mark(@Nullable Sensitive annotation) {
		return (annotation != null) ? annotation.value() : null;
	}

	private static @Nullable String typeProperty(AnnotatedClass type) {
		JsonTypeInfo info = type.getAnnotation(JsonTypeInfo.class);
		if (info == null) {
			return null;
		}
		return info.property().isEmpty() ? info.use().getDefaultPropertyName() : info.property();
	}

	/**
	 * What a type tells.
	 *
	 * @param sensitive whether all of it is sensitive
	 * @param typeProperty the property that tells the subtype, or {@code null}
	 * @param properties its properties, by the names that they have in JSON
	 */
	record TypeProperties(boolean sensitive, @Nullable String typeProperty, Map<String, Property> properties) {

		// What is written as a single value may be written from any of them.
		boolean hasSensitive() {
			return this.sensitive || this.properties.values().stream().anyMatch(Property::sensitive);
		}

	}

	/**
	 * What is known of a property.
	 *
	 * @param sensitive whether it is sensitive
	 * @param type its type, or {@code null} if that is not clear
	 */
	record Property(boolean sensitive, @Nullable JavaType type) {

		static final Property SENSITIVE = new Property(true, null);

		Property or(Property other) {
			if (this.sensitive || other.sensitive) {
				return SENSITIVE;
			}
			return Objects.equals(this.type, other.type) ? this : new Property(false, null);
		}

	}

}
