package io.jobstarter.sample;

import java.util.stream.Stream;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.context.event.EventListener;
import org.springframework.core.env.Environment;
import org.springframework.stereotype.Component;

/**
 * Reminds of secrets that everybody knows.
 */
@Component
class DevelopmentSecretsWarning {

	private static final Logger logger = LoggerFactory.getLogger(DevelopmentSecretsWarning.class);

	private final Environment environment;

	DevelopmentSecretsWarning(Environment environment) {
		this.environment = environment;
	}

	@EventListener(ApplicationReadyEvent.class)
	void warn() {
		Stream.of("sample.admin-token", "sample.github.webhook-secret")
			.filter((key) -> this.environment.getProperty(key, "").startsWith("development-"))
			.forEach((key) -> logger.warn("{} has its development default, which everybody knows", key));
	}

}
