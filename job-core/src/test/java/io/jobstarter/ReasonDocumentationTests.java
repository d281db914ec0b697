package io.jobstarter;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Whoever meets a reason finds in the documentation what to do about it.
 */
class ReasonDocumentationTests {

	private static final Path DOCUMENT = Path.of("..", "docs", "actuator.md");

	@ParameterizedTest
	@EnumSource(ReasonCode.class)
	void theTableNamesEachReason(ReasonCode code) throws IOException {
		assertThat(Files.readAllLines(DOCUMENT))
			.anyMatch((line) -> line.startsWith("| ") && line.contains("`" + code + "`"));
	}

	@ParameterizedTest
	@EnumSource(JobMoment.Kind.class)
	void theKindsOfMomentsAreListed(JobMoment.Kind kind) throws IOException {
		assertThat(Files.readString(DOCUMENT)).contains("`" + kind + "`");
	}

}
