package io.jobstarter.faults.network;

import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import io.jobstarter.faults.NetworkJobs;
import io.jobstarter.faults.NetworkWaits;
import io.jobstarter.faults.fleet.NodeProcess;

/**
 * What a node has written of itself.
 */
final class NodeOutput {

	private static final Pattern STARTED = Pattern.compile("^(\\S+) .* io\\.jobstarter\\.jobs .* started .*");

	private static final Pattern LEASE_LOST = Pattern.compile(
			"^\\S+ .* io\\.jobstarter\\.jobs .*: Job (\\d+) \\(.*\\) was given back: the node may have lost its lease");

	private static final Pattern WAIT = Pattern.compile("^" + NetworkWaits.MARK + "(\\S+) (\\d+)$");

	private final List<String> lines;

	private NodeOutput(List<String> lines) {
		this.lines = lines;
	}

	static NodeOutput of(NodeProcess node) {
		return new NodeOutput(node.log().lines().toList());
	}

	/**
	 * Finds when jobs were started.
	 * @return the times
	 */
	List<OffsetDateTime> startsOfJobs() {
		return this.lines.stream()
			.map(STARTED::matcher)
			.filter(Matcher::matches)
			.map((matcher) -> OffsetDateTime.parse(matcher.group(1)))
			.toList();
	}

	/**
	 * Finds which jobs were given back in the midst, for the node may have lost its
	 * lease.
	 * @return their ids, once for each time
	 */
	List<Long> givenBackWithoutLease() {
		return this.lines.stream()
			.map(LEASE_LOST::matcher)
			.filter(Matcher::matches)
			.map((matcher) -> Long.parseLong(matcher.group(1)))
			.toList();
	}

	/**
	 * Finds how long threads of the engine have waited for the network.
	 * @return the longest wait of each
	 */
	Map<String, Duration> waits() {
		Map<String, Duration> waits = new TreeMap<>();
		for (String line : this.lines) {
			Matcher matcher = WAIT.matcher(line);
			if (matcher.matches()) {
				Duration wait = Duration.ofSeconds(Long.parseLong(matcher.group(2)));
				waits.merge(matcher.group(1), wait, (one, other) -> (one.compareTo(other) > 0) ? one : other);
			}
		}
		return waits;
	}

	/**
	 * Finds what was told by {@link NetworkJobs}.
	 * @return the lines
	 */
	List<String> told() {
		return this.lines.stream()
			.filter((line) -> line.startsWith(NetworkJobs.MARK))
			.map((line) -> line.substring(NetworkJobs.MARK.length()))
			.toList();
	}

}
