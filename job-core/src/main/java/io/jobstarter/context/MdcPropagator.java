package io.jobstarter.context;

import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;

import io.jobstarter.JobContextPropagator;
import org.jspecify.annotations.Nullable;
import org.slf4j.MDC;

/**
 * Carries chosen keys of the logger's MDC. After an attempt the MDC of the thread is as
 * it was before, whatever the handler has put into it: threads are used again.
 */
public final class MdcPropagator implements JobContextPropagator {

	private static final String PREFIX = "context.mdc.";

	private final List<String> keys;

	/**
	 * Makes a propagator.
	 * @param keys the keys to carry; others stay behind
	 */
	public MdcPropagator(List<String> keys) {
		this.keys = List.copyOf(keys);
	}

	@Override
	public void capture(BiConsumer<String, @Nullable String> headers) {
		this.keys.forEach((key) -> headers.accept(PREFIX + key, MDC.get(key)));
	}

	@Override
	public Scope restore(Map<String, String> headers) {
		Map<String, String> before = MDC.getCopyOfContextMap();
		for (String key : this.keys) {
			String value = headers.get(PREFIX + key);
			if (value != null) {
				MDC.put(key, value);
			}
			else {
				MDC.remove(key);
			}
		}
		return () -> reset(before);
	}

	private static void reset(@Nullable Map<String, String> before) {
		if (before != null) {
			MDC.setContextMap(before);
		}
		else {
			MDC.clear();
		}
	}

}
