package io.jobstarter.policy;

import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

import org.jspecify.annotations.Nullable;

/**
 * How often each retry rule has decided about a job. Kept with the job as text, such as
 * {@code 1a2b3c4d=2;5e6f7a8b=1}.
 */
public final class RuleCounts {

	/**
	 * No rule has decided yet.
	 */
	public static final RuleCounts NONE = new RuleCounts(Map.of());

	private final Map<String, Integer> counts;

	private RuleCounts(Map<String, Integer> counts) {
		this.counts = counts;
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
		for (String entry : text.split(";")) {
			String[] parts = entry.split("=", 2);
			if (parts.length == 2 && parts[1].matches("\\d{1,6}")) {
				counts.put(parts[0], Integer.parseInt(parts[1]));
			}
		}
		return new RuleCounts(counts);
	}

	int of(String rule) {
		return this.counts.getOrDefault(rule, 0);
	}

	long total() {
		return this.counts.values().stream().mapToLong(Integer::longValue).sum();
	}

	/**
	 * Counts one more decision.
	 * @param rule the rule's key, or {@code null} for none
	 * @return the counts after it
	 */
	public RuleCounts plus(@Nullable String rule) {
		if (rule == null) {
			return this;
		}
		Map<String, Integer> more = new TreeMap<>(this.counts);
		more.merge(rule, 1, Integer::sum);
		return new RuleCounts(more);
	}

	/**
	 * Writes the counts.
	 * @return the text, or {@code null} for none
	 */
	public @Nullable String format() {
		return this.counts.isEmpty() ? null
				: this.counts.entrySet()
					.stream()
					.map((entry) -> entry.getKey() + "=" + entry.getValue())
					.collect(Collectors.joining(";"));
	}

}
