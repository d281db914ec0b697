package io.jobstarter.observation;

import java.util.function.Consumer;
import java.util.function.Supplier;

import io.jobstarter.support.CleanText;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationRegistry;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

/**
 * An observation that is under way in the calling thread. Handlers of observations are
 * code of others, and look at exceptions, whose methods may throw: whatever they throw is
 * logged and changes nothing, and no scope is left in the thread.
 */
final class SafeObservation {

	private static final Log logger = LogFactory.getLog(SafeObservation.class);

	private static final int MAX_SHOWN = 500;

	private final ObservationRegistry registry;

	private final Observation observation;

	private final Observation.@Nullable Scope before;

	private final Observation.@Nullable Scope scope;

	private SafeObservation(ObservationRegistry registry, Observation observation) {
		this.registry = registry;
		this.observation = observation;
		this.before = registry.getCurrentObservationScope();
		this.scope = open();
	}

	/**
	 * Starts an observation, and makes it the current one of the thread.
	 * @param registry where it goes
	 * @param notStarted makes it
	 * @return the observation, or {@code null} if nobody is interested
	 */
	static @Nullable SafeObservation start(ObservationRegistry registry, Supplier<Observation> notStarted) {
		if (registry.isNoop()) {
			return null;
		}
		try {
			Observation observation = notStarted.get();
			return observation.isNoop() ? null : new SafeObservation(registry, observation.start());
		}
		catch (RuntimeException | StackOverflowError ex) {
			warn(ex);
			return null;
		}
	}

	private Observation.@Nullable Scope open() {
		try {
			return this.observation.openScope();
		}
		catch (RuntimeException | StackOverflowError ex) {
			warn(ex);
			this.registry.setCurrentObservationScope(this.before);
			return null;
		}
	}

	/**
	 * Tells it something.
	 * @param telling tells it
	 */
	void tell(Consumer<Observation> telling) {
		try {
			telling.accept(this.observation);
		}
		catch (RuntimeException | StackOverflowError ex) {
			warn(ex);
		}
	}

	/**
	 * Ends it; the current one of the thread is the one that was before.
	 */
	void stop() {
		if (this.scope != null) {
			close(this.scope);
		}
		tell(Observation::stop);
	}

	private void close(Observation.Scope scope) {
		try {
			scope.close();
		}
		catch (RuntimeException | StackOverflowError ex) {
			warn(ex);
			this.registry.setCurrentObservationScope(this.before);
		}
	}

	private static void warn(Throwable ex) {
		logger.warn("An observation of a job failed: " + CleanText.oneLine(ex, MAX_SHOWN));
	}

}
