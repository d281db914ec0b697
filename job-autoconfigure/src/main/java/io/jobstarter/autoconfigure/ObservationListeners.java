package io.jobstarter.autoconfigure;

import java.util.Arrays;
import java.util.Map;
import java.util.Set;

import io.micrometer.observation.GlobalObservationConvention;
import io.micrometer.observation.ObservationFilter;
import io.micrometer.observation.ObservationHandler;
import io.micrometer.observation.ObservationPredicate;

import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.core.env.Environment;
import org.springframework.util.ClassUtils;

/**
 * Who hears of observations. An observation costs several times what the engine does for
 * a short job, nearly all of it for handlers, scopes and keys. Where nothing but
 * Micrometer's own meters comes of it, these can be had for much less.
 */
public final class ObservationListeners {

	private static final String METERS = "io.micrometer.core.instrument.observation.DefaultMeterObservationHandler";

	// Spring Boot's own, which does something only if it is configured.
	private static final String PROPERTIES = "PropertiesObservationFilterPredicate";

	private static final Set<String> CUSTOMIZERS = Set.of(
			"org.springframework.boot.actuate.autoconfigure.observation.ObservationRegistryCustomizer",
			"org.springframework.boot.micrometer.observation.autoconfigure.ObservationRegistryCustomizer");

	private static final Set<String> CONFIGURED = Set.of("management.observations.enable",
			"management.observations.key-values");

	private final ListableBeanFactory beans;

	private final Environment environment;

	/**
	 * Makes the rule for an application.
	 * @param beans its beans
	 * @param environment its settings
	 */
	public ObservationListeners(ListableBeanFactory beans, Environment environment) {
		this.beans = beans;
		this.environment = environment;
	}

	/**
	 * Tells whether all that comes of an observation is what Micrometer's own handler
	 * makes of it: no spans, no handlers, conventions or filters of the application, and
	 * no setting that changes observations. Makes no bean.
	 * @return whether meters can be recorded without an observation
	 */
	public boolean areMetersOnly() {
		String[] handlers = namesOf(ObservationHandler.class);
		return handlers.length > 0 && Arrays.stream(handlers).allMatch((name) -> METERS.equals(typeOf(name).getName()))
				&& areBoots(ObservationPredicate.class) && areBoots(ObservationFilter.class)
				&& namesOf(GlobalObservationConvention.class).length == 0
				&& CUSTOMIZERS.stream().noneMatch(this::isThere) && CONFIGURED.stream().noneMatch(this::isSet);
	}

	private boolean areBoots(Class<?> type) {
		return Arrays.stream(namesOf(type)).allMatch((name) -> PROPERTIES.equals(typeOf(name).getSimpleName()));
	}

	private boolean isThere(String type) {
		ClassLoader loader = getClass().getClassLoader();
		return ClassUtils.isPresent(type, loader) && namesOf(ClassUtils.resolveClassName(type, loader)).length > 0;
	}

	private boolean isSet(String key) {
		return Binder.get(this.environment)
			.bind(key, Bindable.mapOf(String.class, String.class))
			.map(Map::size)
			.orElse(0) > 0;
	}

	private String[] namesOf(Class<?> type) {
		return this.beans.getBeanNamesForType(type, true, false);
	}

	private Class<?> typeOf(String name) {
		Class<?> type = this.beans.getType(name, false);
		return (type != null) ? ClassUtils.getUserClass(type) : Object.class;
	}

}
