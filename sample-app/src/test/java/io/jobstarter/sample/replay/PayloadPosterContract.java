package io.jobstarter.sample.replay;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;

import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

import org.springframework.beans.factory.annotation.Autowired;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Every payload is processed once, whatever the order, and however often it comes.
 */
abstract class PayloadPosterContract {

	private static final Duration PATIENCE = Duration.ofSeconds(60);

	private static final long SEED = 42;

	@Autowired
	private PayloadPoster poster;

	@Test
	void losesNoneOfTheSamplesOwnPayloads() throws Exception {
		PostReport report = this.poster.post(PayloadSet.own().payloads(), SEED, PATIENCE);
		assertThat(report.isComplete()).as(report.toString()).isTrue();
	}

	@Test
	void losesNoneOfGithubsExamples() throws Exception {
		PayloadSet set = githubsExamples();
		PostReport report = this.poster.post(set.payloads(), SEED, PATIENCE);
		assertThat(report.isComplete()).as(report.toString()).isTrue();
	}

	private static PayloadSet githubsExamples() throws IOException {
		PayloadSet set = PayloadSet.load(Path.of("payloads"));
		Assumptions.assumeFalse(set.equals(PayloadSet.own()),
				"scripts/fetch-payloads.sh has not been run: GitHub's own examples are not there");
		return set;
	}

}
