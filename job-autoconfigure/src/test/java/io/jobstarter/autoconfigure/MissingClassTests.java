package io.jobstarter.autoconfigure;

import java.io.File;
import java.io.UncheckedIOException;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.regex.Pattern;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import org.springframework.context.ConfigurableApplicationContext;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests that an application runs jobs without what it need not have. Every class, ours
 * included, is loaded anew from a class path that lacks some jars: a filter in front of
 * the class loader would not be asked by classes that are loaded already.
 */
class MissingClassTests {

	// Missing in every run, for they take long to start.
	private static final String JPA_AND_WEB = "spring-data-.*|spring-orm.*|hibernate-.*|jakarta\\.persistence-api.*"
			+ "|spring-web(mvc)?-.*|tomcat-.*";

	private static final String EVERYTHING_OPTIONAL = "spring-boot-actuator.*|micrometer-(core|registry|jakarta9).*"
			+ "|resilience4j-.*|HikariCP.*|flyway-.*|micrometer-tracing.*|brave-.*|context-propagation.*|spring-boot-starter-(actuator|data-jpa|web).*|postgresql-.*";

	// What needs the missing library itself is missing, too: Resilience4j's own
	// auto-configurations need Micrometer, and its modules SLF4J.
	@ParameterizedTest(name = "without {0}, JPA and a web server")
	@CsvSource({ "Actuator, spring-boot-actuator.*",
			"Micrometer's registries, micrometer-(core|registry|jakarta9).*|resilience4j-spring.*",
			"tracing, micrometer-tracing.*|brave-.*|context-propagation.*",
			"SLF4J, slf4j-.*|logback-.*|jul-to-slf4j.*|log4j-.*|HikariCP.*|flyway-.*|micrometer-tracing.*|brave-.*|resilience4j-.*",
			"Resilience4j, resilience4j-.*", "HikariCP, HikariCP.*", "Flyway, flyway-.*",
			"anything optional, " + EVERYTHING_OPTIONAL })
	void runsAJobWithout(String what, String jars) throws Exception {
		assertThat(runWithout(jars, JobOfAnApplication.class)).isEqualTo("greeted [you]");
	}

	private static Object runWithout(String jars, Class<? extends Callable<String>> body) throws Exception {
		Thread thread = Thread.currentThread();
		ClassLoader before = thread.getContextClassLoader();
		try (URLClassLoader classes = new URLClassLoader(classPathWithout(jars),
				ClassLoader.getPlatformClassLoader())) {
			thread.setContextClassLoader(classes);
			return ((Callable<?>) classes.loadClass(body.getName()).getDeclaredConstructor().newInstance()).call();
		}
		finally {
			thread.setContextClassLoader(before);
		}
	}

	private static URL[] classPathWithout(String jars) {
		Pattern missing = Pattern.compile(jars);
		Pattern alwaysMissing = Pattern.compile(JPA_AND_WEB);
		List<URL> urls = new ArrayList<>();
		int left = 0;
		for (String entry : System.getProperty("java.class.path").split(File.pathSeparator)) {
			File file = new File(entry);
			if (missing.matcher(file.getName()).matches()) {
				left++;
			}
			else if (!alwaysMissing.matcher(file.getName()).matches()) {
				urls.add(url(file));
			}
		}
		assertThat(left).as("jars that match %s", jars).isPositive();
		return urls.toArray(URL[]::new);
	}

	private static URL url(File file) {
		try {
			return file.toURI().toURL();
		}
		catch (MalformedURLException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/**
	 * Starts an application, waits for a job of it, and stops.
	 */
	public static final class JobOfAnApplication implements Callable<String> {

		@Override
		public String call() {
			try (ConfigurableApplicationContext context = MinimalApplication.start()) {
				return "greeted " + MinimalApplication.greet(context, "you");
			}
		}

	}

}
