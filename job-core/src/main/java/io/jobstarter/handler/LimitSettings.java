package io.jobstarter.handler;

import java.util.Collection;
import java.util.List;
import java.util.Map;

/**
 * What the configuration says about limits.
 *
 * @param permits how many jobs of a key may run at the same time, by the name of the
 * limit
 * @param sensitiveNames names of properties whose values nobody is to see, besides those
 * that are always masked: a key that is made of one is stored as its hash
 */
public record LimitSettings(Map<String, Integer> permits, Collection<String> sensitiveNames) {

	/**
	 * Says nothing.
	 */
	public static final LimitSettings NONE = new LimitSettings(Map.of(), List.of());

	public LimitSettings {
		permits = Map.copyOf(permits);
		sensitiveNames = List.copyOf(sensitiveNames);
	}

}
