package io.jobstarter.apps;

import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

import io.jobstarter.testdatabases.EmbeddedPostgres;

import org.springframework.boot.WebApplicationType;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;

/**
 * A small application, started as its main method would start it. It has an H2 database
 * of its own unless told otherwise, and keeps it from one start to the next.
 *
 * @param source its configuration
 * @param arguments its command line
 */
record App(Class<?> source, List<String> arguments) {

	static App of(Class<?> source) {
		return new App(source, List.of()).with("spring.datasource.url=" + h2());
	}

	static String h2() {
		return "jdbc:h2:mem:" + UUID.randomUUID() + ";DB_CLOSE_DELAY=-1";
	}

	App onPostgres() {
		return onPostgres(EmbeddedPostgres.shared().createDatabase());
	}

	App onPostgres(String url) {
		return with("spring.datasource.url=" + url, "spring.datasource.username=postgres",
				"spring.datasource.password=postgres");
	}

	/**
	 * The same application with other settings.
	 * @param properties the settings; of two for the same key the last one holds
	 * @return the application
	 */
	App with(String... properties) {
		List<String> keys = List.of(properties).stream().map(App::key).toList();
		List<String> more = new ArrayList<>(this.arguments);
		more.removeIf((argument) -> keys.contains(key(argument.substring(2))));
		List.of(properties).forEach((property) -> more.add("--" + property));
		return new App(this.source, List.copyOf(more));
	}

	private static String key(String property) {
		return property.substring(0, property.indexOf('='));
	}

	ConfigurableApplicationContext start() {
		return new SpringApplicationBuilder(this.source).web(WebApplicationType.NONE)
			.registerShutdownHook(false)
			.run(this.arguments.toArray(String[]::new));
	}

	void run(Action action) {
		try (ConfigurableApplicationContext context = start()) {
			action.run(context);
		}
	}

	/**
	 * What a test does with the application while it runs.
	 */
	@FunctionalInterface
	interface Action {

		void run(ConfigurableApplicationContext context);

	}

}
