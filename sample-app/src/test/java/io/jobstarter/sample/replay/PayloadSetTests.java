package io.jobstarter.sample.replay;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

class PayloadSetTests {

	@TempDir
	private Path directory;

	@Test
	void fallsBackToTheSamplesOwnPayloads() throws IOException {
		PayloadSet set = PayloadSet.load(this.directory.resolve("missing"));
		assertThat(set).isEqualTo(PayloadSet.own());
		assertThat(set.payloads()).extracting(Payload::event)
			.contains("ping", "push", "issues", "pull_request", "star");
	}

	@Test
	void readsFilesNamedAfterTheirEvent() throws IOException {
		Files.writeString(this.directory.resolve("issues.opened.json"), "{\"a\":1}");
		Files.writeString(this.directory.resolve("push.json"), "{\"b\":2}");
		Files.writeString(this.directory.resolve("README.md"), "not a payload");
		assertThat(PayloadSet.load(this.directory).payloads()).containsExactly(new Payload("issues", "{\"a\":1}"),
				new Payload("push", "{\"b\":2}"));
	}

	@Test
	void readsTheIndexOfTheNpmPackage() throws IOException {
		Path index = this.directory.resolve("package/api.github.com/index.json");
		Files.createDirectories(index.getParent());
		Files.writeString(index, """
				[{"name":"push","examples":[{"a":1},{"b":2}]},{"name":"star","examples":[{"c":3}]}]""");
		assertThat(PayloadSet.load(this.directory).payloads()).containsExactly(new Payload("push", "{\"a\":1}"),
				new Payload("push", "{\"b\":2}"), new Payload("star", "{\"c\":3}"));
	}

}
