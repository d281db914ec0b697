package io.jobstarter.faults.servers;

import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import io.jobstarter.faults.fleet.NodeProcess;

/**
 * What a node has logged of its troubles.
 */
final class EngineLog {

	/** Less than ten seconds: a line may be written later than it is decided upon. */
	private static final Duration INTERVAL = Duration.ofSeconds(9);

	private static final Pattern LINE = Pattern
		.compile("(\\S+) +(?:WARN|ERROR) \\d+ --- \\[ *(\\S+)\\] (?:io\\.jobstarter|i\\.j)\\.(?!jobs )(\\S+) +: (.*)");

	private final NodeProcess node;

	EngineLog(NodeProcess node) {
		this.node = node;
	}

	/**
	 * Finds where a thread of the engine has complained more often than once in ten
	 * seconds.
	 * @return the lines that are too many
	 */
	List<String> surplus() {
		Map<String, OffsetDateTime> last = new HashMap<>();
		List<String> surplus = new ArrayList<>();
		for (String line : warnings()) {
			Matcher matcher = LINE.matcher(line);
			if (!matcher.lookingAt()) {
				continue;
			}
			OffsetDateTime at = OffsetDateTime.parse(matcher.group(1));
			OffsetDateTime before = last.put(matcher.group(2) + matcher.group(3), at);
			if (before != null && Duration.between(before, at).compareTo(INTERVAL) < 0) {
				surplus.add(this.node.name() + ": " + line);
			}
		}
		return surplus;
	}

	/**
	 * Lists what the engine has complained of.
	 * @return the lines
	 */
	List<String> warnings() {
		return this.node.log().lines().filter((line) -> LINE.matcher(line).lookingAt()).toList();
	}

}
