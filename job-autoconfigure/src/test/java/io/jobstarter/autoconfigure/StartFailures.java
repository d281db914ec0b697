package io.jobstarter.autoconfigure;

import java.util.List;
import java.util.Objects;

import org.springframework.beans.factory.BeanFactory;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.diagnostics.FailureAnalyzer;
import org.springframework.boot.test.context.assertj.AssertableApplicationContext;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.support.GenericApplicationContext;
import org.springframework.core.env.Environment;
import org.springframework.core.io.support.SpringFactoriesLoader;
import org.springframework.core.io.support.SpringFactoriesLoader.ArgumentResolver;
import org.springframework.core.io.support.SpringFactoriesLoader.FailureHandler;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Reads what Spring Boot would say about an application that does not start.
 */
final class StartFailures {

	// Some analyze what is not on the class path.
	private static final FailureHandler IGNORED = (type, name, failure) -> {
	};

	private StartFailures() {
	}

	/**
	 * Starts an application that must not start.
	 * @param application the application
	 * @return what Boot's analyzers and ours make of it
	 */
	static FailureAnalysis analysisOf(ApplicationContextRunner application) {
		FailureAnalysis[] analysis = new FailureAnalysis[1];
		application.run((context) -> analysis[0] = analyze(context));
		return analysis[0];
	}

	private static FailureAnalysis analyze(AssertableApplicationContext context) {
		assertThat(context).hasFailed();
		Throwable failure = context.getStartupFailure();
		FailureAnalysis found = analyzers().stream()
			.map((analyzer) -> analyzer.analyze(failure))
			.filter(Objects::nonNull)
			.findFirst()
			.orElse(null);
		assertThat(found).as("the analysis of %s", failure).isNotNull();
		return found;
	}

	// As SpringApplication does it.
	private static List<FailureAnalyzer> analyzers() {
		GenericApplicationContext empty = new GenericApplicationContext();
		ArgumentResolver arguments = ArgumentResolver.of(BeanFactory.class, empty.getBeanFactory())
			.and(Environment.class, empty.getEnvironment());
		return SpringFactoriesLoader.forDefaultResourceLocation().load(FailureAnalyzer.class, arguments, IGNORED);
	}

}
