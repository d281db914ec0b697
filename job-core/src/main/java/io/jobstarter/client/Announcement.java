package io.jobstarter.client;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

import io.jobstarter.DueTime;
import io.jobstarter.Enqueued;
import io.jobstarter.JobEvent;
import io.jobstarter.store.Lane;
import io.jobstarter.store.NewJob;
import io.jobstarter.store.WakeUp;
import io.jobstarter.support.SafeEvents;

/**
 * What is told of jobs once they are committed. Holds nothing of them that is large: a
 * transaction may enqueue a million.
 */
final class Announcement {

	private final Set<Lane> lanes = new LinkedHashSet<>(2);

	private final List<JobEvent> enqueued;

	private boolean scheduled;

	Announcement(List<NewJob> jobs, List<Enqueued> results) {
		this.enqueued = new ArrayList<>(jobs.size());
		for (int i = 0; i < jobs.size(); i++) {
			if (!results.get(i).duplicate()) {
				add(jobs.get(i), results.get(i));
			}
			else if (mayHaveMoved(jobs.get(i))) {
				noteDue(jobs.get(i));
			}
		}
	}

	// What holds its key may be ready now, or due earlier.
	private static boolean mayHaveMoved(NewJob job) {
		return job.unique() != null && job.unique().changesHolder();
	}

	private void add(NewJob job, Enqueued result) {
		noteDue(job);
		this.enqueued.add(new JobEvent.Enqueued(result.id(), job.name(), job.queue()));
	}

	private void noteDue(NewJob job) {
		if (job.due().equals(DueTime.NOW)) {
			this.lanes.add(job.lane());
		}
		else {
			this.scheduled = true;
		}
	}

	/**
	 * Wakes the workers, each lane's once, and tells the listeners.
	 * @param wakeUp tells workers of ready jobs, and that some are scheduled
	 * @param events tells listeners of enqueued jobs
	 */
	void make(WakeUp wakeUp, SafeEvents events) {
		this.lanes.forEach(wakeUp::ready);
		if (this.scheduled) {
			wakeUp.scheduled();
		}
		this.enqueued.forEach(events::publish);
	}

}
