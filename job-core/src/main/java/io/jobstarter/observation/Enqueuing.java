package io.jobstarter.observation;

import io.jobstarter.Enqueued;
import io.jobstarter.JobId;
import org.jspecify.annotations.Nullable;

/**
 * What one call enqueues, for whoever observes it.
 */
public sealed class Enqueuing permits Enqueuing.Unobserved {

	/** In place of a name, where there are several. */
	static final String SEVERAL = "several";

	/** Nobody observes it. */
	static final Enqueuing UNOBSERVED = new Unobserved();

	private @Nullable String name;

	private @Nullable String queue;

	private long count;

	private @Nullable JobId id;

	/**
	 * Notes what one call enqueues.
	 * @param name the name of the job, or {@code null} if there may be several
	 */
	Enqueuing(@Nullable String name) {
		this.name = name;
	}

	/**
	 * Notes a job.
	 * @param name its name
	 * @param queue its queue
	 */
	public void add(String name, String queue) {
		this.name = merge(this.name, name);
		this.queue = merge(this.queue, queue);
		this.count++;
	}

	/**
	 * Notes what became of the only job.
	 * @param result what the caller is told
	 */
	public void added(Enqueued result) {
		this.id = result.id();
	}

	private static String merge(@Nullable String before, String more) {
		return (before == null || before.equals(more)) ? more : SEVERAL;
	}

	String name() {
		return (this.name != null) ? this.name : SEVERAL;
	}

	String queue() {
		return (this.queue != null) ? this.queue : SEVERAL;
	}

	boolean isOfOneQueue() {
		return !queue().equals(SEVERAL);
	}

	long count() {
		return this.count;
	}

	@Nullable JobId id() {
		return this.id;
	}

	/**
	 * Notes nothing.
	 */
	static final class Unobserved extends Enqueuing {

		Unobserved() {
			super(null);
		}

		@Override
		public void add(String name, String queue) {
		}

		@Override
		public void added(Enqueued result) {
		}

	}

}
