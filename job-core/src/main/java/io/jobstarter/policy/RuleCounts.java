package io.jobstarter.policy;

import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;

/**
 * How often each retry rule has decided about a job. Kept with the job as text, such as
 * {@code 1a2b3c4d=2;5e6f7a8b=1}, and for a rule that goes on for a limited time also
 * since when it has: {@code 1a2b3c4d@=1893499200000}. Beside them stands the span of the
 * first attempt, if it was traced: {@code trace=00-…-01}. A version that does not know
 * one of these reads over it.
 */
public final class RuleCounts {

	/**
	 * No rule has decided yet.
	 */
	public static final RuleCounts NONE = new RuleCounts(Map.of(), Map.of(), null);

	private static final String SINCE = "@";

	/** No key of a rule: these have eight characters. */
	private static final String TRACE = "trace";

	private static final String TRACE_VALUE = "[0-9a-f-]{1,100}";

	private final Map<String, Integer> counts;

	private final Map<String, Long> since;

	private final @Nullable String trace;

	private RuleCounts(Map<String, Integer> counts, Map<String, Long> since, @Nullable String trace) {
		this.counts = counts;
		this.since = since;
		this.trace = trace;
	}

	/**
	 * Names a rule that goes on for a limited time.
	 * @param rule its key
	 * @param since the time of its first decision about the job
	 * @return what {@link #plus(String)} takes
	 */
	static String since(String rule, Instant since) {
		return rule + SINCE + since.toEpochMilli();
	}

	/**
	 * Reads what {@link #format()} wrote. What cannot be read counts as nothing: a row is
	 * data, and a job is not lost for a bad counter.
	 * @param text the text, or {@code null} for none
	 * @return the counts
	 */
	public static RuleCounts parse(@Nullable String text) {
		if (text == null || text.isEmpty()) {
			return NONE;
		}
		Map<String, Integer> counts = new TreeMap<>();
		Map<String, Long> since = new TreeMap<>();
		String trace = null;
		for (String entry : text.split(";")) {
			String[] parts = entry.split("=", 2);
			if (parts.length == 2 && parts[1].matches("\\d{1,6}")) {
				counts.put(parts[0], Integer.parseInt(parts[1]));
			}
			else if (parts.length == 2 && parts[0].endsWith(SINCE) && parts[1].matches("\\d{1,15}")) {
				since.put(parts[0].substring(0, parts[0].length() - 1), Long.parseLong(parts[1]));
			}
			else if (parts.length == 2 && parts[0].equals(TRACE) && parts[1].matches(TRACE_VALUE)) {
				trace = parts[1];
			}
		}
		return new RuleCounts(counts, since, trace);
	}

	int of(String rule) {
		return this.counts.getOrDefault(rule, 0);
	}

	Optional<Instant> sinceOf(String rule) {
		return Optional.ofNullable(this.since.get(rule)).map(Instant::ofEpochMilli);
	}

	long total() {
		return this.counts.values().stream().mapToLong(Integer::longValue).sum();
	}

	/**
	 * Counts one more decision.
	 * @param rule the rule's key, with the time of its first decision if that counts, or
	 * {@code null} for none
	 * @return the counts after it
	 */
	public RuleCounts plus(@Nullable String rule) {
		if (rule == null) {
			return this;
		}
		String[] parts = rule.split(SINCE, 2);
		Map<String, Integer> more = new TreeMap<>(this.counts);
		more.merge(parts[0], 1, Integer::sum);
		Map<String, Long> begun = new TreeMap<>(this.since);
		if (parts.length == 2) {
			begun.putIfAbsent(parts[0], Long.parseLong(parts[1]));
		}
		return new RuleCounts(more, begun, this.trace);
	}

	/**
	 * Keeps the span of an attempt that failed, unless that of an earlier one is known.
	 * @param trace the span, in W3C's form of a {@code traceparent}, or {@code null} for
	 * none
	 * @return the counts with it
	 */
	public RuleCounts traced(@Nullable String trace) {
		return (trace == null || this.trace != null || !trace.matches(TRACE_VALUE)) ? this
				: new RuleCounts(this.counts, this.since, trace);
	}

	/**
	 * Tells the span of the first attempt.
	 * @return the span, or {@code null} if none is known
	 */
	public @Nullable String trace() {
		return this.trace;
	}

	/**
	 * Writes the counts.
	 * @return the text, or {@code null} for none
	 */
	public @Nullable String format() {
		Stream<String> entries = Stream
			.of(this.counts.entrySet().stream().map((entry) -> entry.getKey() + "=" + entry.getValue()),
					this.since.entrySet().stream().map((entry) -> entry.getKey() + SINCE + "=" + entry.getValue()),
					Stream.ofNullable(this.trace).map((span) -> TRACE + "=" + span))
			.flatMap((some) -> some);
		return (this.counts.isEmpty() && this.trace == null) ? null : entries.collect(Collectors.joining(";"));
	}

}
