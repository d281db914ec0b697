package io.jobstarter.autoconfigure;

import org.jspecify.annotations.Nullable;
import org.springframework.aot.hint.RuntimeHints;
import org.springframework.aot.hint.RuntimeHintsRegistrar;

/**
 * Keeps in a native image what is looked for by name. Without them the engine would share
 * the application's connections, and leave its tables to others, as if these libraries
 * were absent.
 */
class OptionalLibraryHints implements RuntimeHintsRegistrar {

	@Override
	public void registerHints(RuntimeHints hints, @Nullable ClassLoader classLoader) {
		hints.reflection().registerTypeIfPresent(classLoader, EngineConnections.HIKARI_NAME, (type) -> {
		}).registerTypeIfPresent(classLoader, SchemaInitializer.FLYWAY_NAME, (type) -> {
		});
	}

}
