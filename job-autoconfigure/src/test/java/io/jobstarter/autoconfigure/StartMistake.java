package io.jobstarter.autoconfigure;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

import io.jobstarter.autoconfigure.actuate.BackgroundJobActuatorAutoConfiguration;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.autoconfigure.context.PropertyPlaceholderAutoConfiguration;
import org.springframework.boot.autoconfigure.jdbc.DataSourceAutoConfiguration;
import org.springframework.boot.autoconfigure.jdbc.DataSourceTransactionManagerAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.context.annotation.Configuration;

/**
 * Something that an application gets wrong, and what it is told.
 *
 * @param title what it does, as the table in the documentation names it
 * @param said what the report has to name: the key or the declaration, its value, the
 * range
 * @param remedy what the report has to advise
 * @param properties its settings
 * @param beans its beans
 */
record StartMistake(String title, List<String> said, String remedy, List<String> properties, List<Class<?>> beans) {

	private static final Map<StartMistake, Outcome> OUTCOMES = new ConcurrentHashMap<>();

	/**
	 * A setting that cannot work.
	 * @param key the key, without its prefix
	 * @param value its value
	 * @param range what the report says that it has to be
	 * @param remedy what the report advises
	 * @return the mistake
	 */
	static StartMistake setting(String key, String value, String range, String remedy) {
		return setting(key, value, List.of("background-jobs." + key + " is ", value, range), remedy);
	}

	static StartMistake setting(String key, String value, List<String> said, String remedy) {
		String property = "background-jobs." + key;
		return new StartMistake("`" + property + ": " + value + "`", said, remedy, List.of(property + "=" + value),
				List.of(Greetings.class));
	}

	/**
	 * A handler that cannot work.
	 * @param title what is wrong with it
	 * @param handler its class
	 * @param said what the report says after naming it
	 * @param remedy what the report advises
	 * @return the mistake
	 */
	static StartMistake handler(String title, Class<?> handler, String said, String remedy) {
		return new StartMistake(title, List.of(handler.getName(), said), remedy, List.of(), List.of(handler));
	}

	/**
	 * Says so in the table as well.
	 * @param words what the mistake is
	 * @return the mistake
	 */
	StartMistake titled(String words) {
		return new StartMistake(this.title + ": " + words, this.said, this.remedy, this.properties, this.beans);
	}

	/**
	 * Asks for more in the report.
	 * @param more what it has to name as well
	 * @return the mistake
	 */
	StartMistake and(String... more) {
		List<String> said = new ArrayList<>(this.said);
		said.addAll(List.of(more));
		return new StartMistake(this.title, said, this.remedy, this.properties, this.beans);
	}

	/**
	 * Starts the application, the first time that it is asked.
	 * @return how that ended
	 */
	Outcome outcome() {
		return OUTCOMES.computeIfAbsent(this, StartMistake::start);
	}

	/**
	 * Starts the application.
	 * @return how that ended
	 */
	Outcome start() {
		List<Class<?>> sources = new ArrayList<>(this.beans);
		sources.add(Application.class);
		SpringApplicationBuilder application = new SpringApplicationBuilder(sources.toArray(Class<?>[]::new))
			.web(WebApplicationType.NONE)
			.registerShutdownHook(false)
			.properties("spring.main.banner-mode=off", "logging.level.org.springframework.boot.diagnostics=off",
					"logging.level.org.springframework.boot.SpringApplication=off",
					"logging.level.org.springframework.context.annotation=error");
		long before = System.nanoTime();
		try {
			application.run(this.properties.stream().map((property) -> "--" + property).toArray(String[]::new)).close();
			return new Outcome(null, Duration.ofNanos(System.nanoTime() - before));
		}
		catch (Exception ex) {
			return new Outcome(RecordingFailureReporter.take(), Duration.ofNanos(System.nanoTime() - before));
		}
	}

	@Override
	public String toString() {
		return this.title;
	}

	/**
	 * How a start ended.
	 *
	 * @param analysis what was reported, or {@code null} if it did not fail, or only with
	 * a stack trace
	 * @param took how long it took
	 */
	record Outcome(@Nullable FailureAnalysis analysis, Duration took) {
	}

	/**
	 * An application with a database, in memory unless a setting says otherwise.
	 */
	@Configuration(proxyBeanMethods = false)
	@ImportAutoConfiguration({ PropertyPlaceholderAutoConfiguration.class, DataSourceAutoConfiguration.class,
			DataSourceTransactionManagerAutoConfiguration.class, BackgroundJobAutoConfiguration.class,
			BackgroundJobActuatorAutoConfiguration.class })
	static class Application {

	}

}
