package io.jobstarter.faults.fleet;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a node's loops have logged of their failures, each of which may say something once
 * in ten seconds.
 */
public final class LoopLines {

	// Less than ten: a line may be written later than it is decided upon.
	private static final Duration APART = Duration.ofSeconds(9);

	private static final Pattern LINE = Pattern.compile("^(\\S+)\\s+WARN .*: (background-jobs-[\\w-]+) failed \\(");

	private static final Pattern COMPLAINT = Pattern
		.compile("^\\S+\\s+(?:WARN|ERROR) \\d+ --- \\[[^]]*\\] (?:io\\.jobstarter|i\\.j)\\.");

	private LoopLines() {
	}

	/**
	 * Finds when the loops of a node told that they fail.
	 * @param log what the node has written
	 * @return the times by the loops' names
	 */
	public static Map<String, List<Instant>> failures(String log) {
		Map<String, List<Instant>> failures = new TreeMap<>();
		log.lines()
			.map(LINE::matcher)
			.filter(Matcher::find)
			.forEach((line) -> instant(line.group(1))
				.ifPresent((at) -> failures.computeIfAbsent(line.group(2), (absent) -> new ArrayList<>()).add(at)));
		return failures;
	}

	/**
	 * Finds lines that follow another one of the same loop too soon.
	 * @param node the node
	 * @return what was found, in words
	 */
	public static List<String> tooMany(NodeProcess node) {
		List<String> tooMany = new ArrayList<>();
		failures(node.log()).forEach((loop, times) -> {
			for (int i = 1; i < times.size(); i++) {
				if (Duration.between(times.get(i - 1), times.get(i)).compareTo(APART) < 0) {
					tooMany.add(node.name() + ": " + loop + " at " + times.get(i - 1) + " and at " + times.get(i));
				}
			}
		});
		return tooMany;
	}

	/**
	 * Counts what the engine has complained of, in whatever words.
	 * @param node the node
	 * @return how many warnings and errors of the engine there are
	 */
	public static long complaints(NodeProcess node) {
		return node.log().lines().map(COMPLAINT::matcher).filter(Matcher::find).count();
	}

	private static Optional<Instant> instant(String text) {
		try {
			return Optional.of(OffsetDateTime.parse(text).toInstant());
		}
		catch (DateTimeException ex) {
			return Optional.empty();
		}
	}

}
