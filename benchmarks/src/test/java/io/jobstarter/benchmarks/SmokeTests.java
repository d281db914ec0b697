package io.jobstarter.benchmarks;

import java.nio.file.Files;
import java.nio.file.Path;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A few jobs from end to end: server, JVMs, figures, report.
 */
class SmokeTests {

	@TempDir
	private Path directory;

	@Test
	void measuresAndReports() throws Exception {
		Benchmark.main(new String[] { "smoke", "--engines=job-starter,plain SQL", "--suites=drain",
				"--output=" + this.directory });
		assertThat(this.directory.resolve("results.json")).content()
			.contains("\"PostgreSQL µs/job\"")
			.contains("\"WAL bytes/job\"");
		assertThat(Files.readString(this.directory.resolve("report.md"))).contains("| job-starter |")
			.contains("| plain SQL ")
			.contains("drain: job-starter / plain SQL")
			.contains("fsync: on");
	}

}
