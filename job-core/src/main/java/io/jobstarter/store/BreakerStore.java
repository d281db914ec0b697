package io.jobstarter.store;

import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;

/**
 * The circuit breakers of the fleet and the jobs that wait for them. Each call is a short
 * transaction of its own on the engine's connection, which locks the breaker before the
 * jobs. All times are the database's.
 */
public interface BreakerStore {

	/**
	 * Tells whether there is anything to read: a breaker that is not closed, or a job
	 * that is blocked.
	 * @return whether there is
	 */
	boolean isBusy();

	/**
	 * Reads all breakers that are not closed, and which ones jobs wait for.
	 * @return what was found
	 */
	Snapshot read();

	/**
	 * Opens a breaker that has opened on a node, unless the fleet has changed it since: a
	 * node that says so late must not open again what has been closed meanwhile.
	 * @param change opens it
	 * @param ago how long ago it opened on the node
	 * @return whether it was done, and how the breaker stands now
	 */
	Change open(BreakerChange change, Duration ago);

	/**
	 * Changes a breaker if its generation is still the same.
	 * @param change the change
	 * @param generation the generation that the change was decided in
	 * @return whether it was done, and how the breaker stands now
	 */
	Change change(BreakerChange change, long generation);

	/**
	 * Makes a worker the prober of a breaker that may be probed, and gives it jobs that
	 * wait for the breaker, the oldest first: they run at once, so that no other node can
	 * claim them and park them again. Without such jobs nothing is changed.
	 * @param request what is asked for
	 * @return how the breaker stands now, and the jobs
	 */
	Probe probe(ProbeRequest request);

	/**
	 * Makes jobs ready that wait for a breaker which lets them through, or of which
	 * nothing is known: they go to the front of their lanes in their old order. Does
	 * nothing while another node does so.
	 * @param name the breaker's name
	 * @param limit how many at most
	 * @return what was released
	 */
	Release release(String name, int limit);

	/**
	 * Forgets breakers that have been closed for some time, and closes those that should
	 * have been probed for some time and were not, since no node that runs knows them.
	 * @param closedFor how long ago a breaker closed that is forgotten
	 * @param unprobedFor for how long a breaker was not probed that is closed
	 * @return how many were closed
	 */
	int tidy(Duration closedFor, Duration unprobedFor);

	/**
	 * What was read at once.
	 *
	 * @param breakers the breakers that are not closed
	 * @param parked the names of those that jobs wait for, whatever their state
	 */
	record Snapshot(List<BreakerRow> breakers, Set<String> parked) {

		/** Everything is closed, and nothing waits. */
		public static final Snapshot QUIET = new Snapshot(List.of(), Set.of());

		public Snapshot {
			breakers = List.copyOf(breakers);
			parked = Set.copyOf(parked);
		}

		/**
		 * Tells whether everything is closed and nothing waits.
		 * @return whether there is nothing to do
		 */
		public boolean isQuiet() {
			return this.breakers.isEmpty() && this.parked.isEmpty();
		}

	}

	/**
	 * What came of a change.
	 *
	 * @param made whether it was done
	 * @param row how the breaker stands now
	 */
	record Change(boolean made, BreakerRow row) {
	}

	/**
	 * Who wants to probe what.
	 *
	 * @param breaker the breaker's name
	 * @param worker the worker
	 * @param claim the number of this claim, unique within the worker
	 * @param names the names of the jobs that it can run
	 * @param queues the queues that it has room in
	 * @param limit how many jobs it may start
	 * @param by who it is, for people
	 * @param terms on what terms jobs with keys are claimed
	 */
	record ProbeRequest(String breaker, long worker, long claim, Set<String> names, Predicate<String> queues, int limit,
			String by, KeyTerms terms) {

		/**
		 * Makes a request of a worker that knows no limits.
		 */
		public ProbeRequest(String breaker, long worker, long claim, Set<String> names, Predicate<String> queues,
				int limit, String by) {
			this(breaker, worker, claim, names, queues, limit, by, KeyTerms.NONE);
		}

	}

	/**
	 * What a prober got.
	 *
	 * @param row how the breaker stands now
	 * @param jobs the jobs, which the worker holds
	 */
	record Probe(BreakerRow row, List<ClaimedJob> jobs) {
	}

	/**
	 * What was released.
	 *
	 * @param count how many jobs
	 * @param lanes the lanes that they entered
	 * @param more whether more may wait
	 */
	record Release(int count, Set<Lane> lanes, boolean more) {

		/** Nothing was. */
		public static final Release NOTHING = new Release(0, Set.of(), false);

	}

}
