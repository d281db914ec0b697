package io.jobstarter.store;

import java.time.Duration;
import java.util.Map;
import java.util.Set;

import io.jobstarter.JobRate;
import org.jspecify.annotations.Nullable;

/**
 * Lets jobs go that wait for the rates of their keys. Each call is made of bounded
 * transactions on the engine's connections; any number of nodes may make the same call at
 * the same time.
 */
public interface RatePacer {

	/**
	 * Hears when jobs of this node's claims begin to wait.
	 * @param listener is called after the commit
	 */
	void listen(Runnable listener);

	/**
	 * Makes as many jobs ready as there are permits, of each rate that has some, the
	 * first ones first. They take their permits when they are claimed, which are kept for
	 * them until then.
	 * @param rates what the rates are, by the names of the limits; others are as they
	 * were when permits were taken last
	 * @param limit how many rates at most
	 * @return what was done
	 */
	Paced release(Map<String, JobRate> rates, int limit);

	/**
	 * Lets rates that jobs wait for be looked at again which have changed.
	 * @param rates what the rates are, by the names of the limits
	 */
	void changed(Map<String, JobRate> rates);

	/**
	 * Finds jobs that wait for rates which do not know of them: somebody has changed the
	 * tables by hand. They are let go with the next release.
	 * @return for how many rates there were some
	 */
	int mend();

	/**
	 * What a release came to.
	 *
	 * @param lanes the lanes that received jobs
	 * @param untilNext how long until permits are free of a rate that jobs wait for, or
	 * {@code null} if none wait
	 */
	record Paced(Set<Lane> lanes, @Nullable Duration untilNext) {
	}

}
