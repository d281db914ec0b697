package io.jobstarter.policy;

import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;

import org.jspecify.annotations.Nullable;

/**
 * An exception and its causes, from the outside in: at most 100, each once, whatever
 * {@code getCause()} does.
 */
final class CauseChain {

	private static final int LONGEST = 100;

	private CauseChain() {
	}

	static List<Throwable> of(Throwable error) {
		Set<Throwable> seen = Collections.newSetFromMap(new IdentityHashMap<>());
		List<Throwable> chain = new ArrayList<>();
		@Nullable Throwable link = error;
		while (link != null && chain.size() < LONGEST && seen.add(link)) {
			chain.add(link);
			link = causeOf(link);
		}
		return chain;
	}

	private static @Nullable Throwable causeOf(Throwable link) {
		try {
			return link.getCause();
		}
		catch (Throwable ex) {
			return null;
		}
	}

}
