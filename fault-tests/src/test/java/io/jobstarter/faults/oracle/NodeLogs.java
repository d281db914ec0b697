package io.jobstarter.faults.oracle;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What nodes have logged.
 */
final class NodeLogs {

	private final Map<String, Path> logs;

	NodeLogs(Map<String, Path> logs) {
		this.logs = logs;
	}

	/**
	 * Finds what was logged of a job, and of the workers that ran it.
	 * @param job the job
	 * @param lines takes the lines, with their times by the nodes' clocks
	 */
	void linesOf(JobFacts job, BiConsumer<Instant, String> lines) {
		Stream<String> jobs = job.ids().stream().map((id) -> "[Jj]ob " + id + "\\b");
		Stream<String> workers = job.starts().stream().map((start) -> "[Ww]orker " + start.fence().worker() + "\\b");
		Pattern pattern = Pattern.compile(Stream.concat(jobs, workers).distinct().collect(Collectors.joining("|")));
		if (pattern.pattern().isEmpty()) {
			return;
		}
		this.logs.forEach((node, log) -> read(log,
				(stream) -> stream.filter(pattern.asPredicate()).forEach((line) -> accept(node, line, lines))));
	}

	private static void read(Path log, Consumer<Stream<String>> reader) {
		try (Stream<String> lines = Files.lines(log)) {
			reader.accept(lines);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	// Lines without a time are the rest of an entry, a stack trace say.
	private static void accept(String node, String line, BiConsumer<Instant, String> lines) {
		String[] parts = line.split(" +", 2);
		try {
			lines.accept(OffsetDateTime.parse(parts[0]).toInstant(), node + " logs: " + parts[1]);
		}
		catch (DateTimeException ex) {
			return;
		}
	}

}
