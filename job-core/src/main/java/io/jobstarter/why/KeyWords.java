package io.jobstarter.why;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

import io.jobstarter.JobInfo;
import io.jobstarter.store.SituationStore;
import io.jobstarter.store.SituationStore.HeldKey;
import io.jobstarter.store.UniqueKey;

/**
 * What a job that is not over says of its unique key.
 *
 * @param text how it goes on behind "enqueued"
 * @param details the figures by themselves
 */
record KeyWords(String text, Map<String, Object> details) {

	private static final KeyWords NONE = new KeyWords("", Map.of());

	static KeyWords of(JobInfo job, SituationStore situations) {
		UniqueKey key = UniqueKey.of(job.headers());
		if (key == null || job.state().isFinal()) {
			return NONE;
		}
		Map<String, Object> details = new LinkedHashMap<>();
		details.put("uniqueUntil", key.until().name());
		details.put("uniqueKey", key.hash());
		Optional<HeldKey> held = situations.heldKey(job.id(), key);
		held.ifPresent((met) -> details.put("duplicates", met.duplicates()));
		return new KeyWords(held.map((met) -> held(key, met)).orElse("; its unique key is free again"), details);
	}

	private static String held(UniqueKey key, HeldKey met) {
		String until = switch (key.until()) {
			case STARTED -> "until it starts";
			case FINISHED -> "until it is over";
			case EXPIRED -> "until it expires";
		};
		String others = (met.duplicates() > 0)
				? ", which " + Words.count(met.duplicates(), "later enqueue has met", "later enqueues have met") : "";
		return "; holds its unique key " + until + others;
	}

}
