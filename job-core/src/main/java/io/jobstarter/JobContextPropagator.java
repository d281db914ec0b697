package io.jobstarter;

import java.util.Map;
import java.util.function.BiConsumer;

import org.jspecify.annotations.Nullable;

/**
 * Carries what a thread knows beside its arguments, such as a tenant, from the enqueue of
 * a job to its attempts. Propagators are beans, ordered by Spring's {@code @Order}; all
 * of them apply to every job.
 * <p>
 * What is captured is stored in the headers of the job, where a retry and the retry of a
 * dead letter find it again. A header that the caller of the enqueue gave goes before a
 * captured one of the same name. {@link JobClient#runNow} needs none of this: it stays in
 * its thread.
 */
public interface JobContextPropagator {

	/**
	 * Captures the context of the calling thread, once for each call of
	 * {@link JobClient#enqueue} or {@link JobClient#enqueueAll}. Should not touch the
	 * database: it runs in the caller's transaction. A propagator that throws is logged
	 * once, and the job is enqueued without its headers.
	 * @param headers takes a header: a name of 1 to 100 characters, and a value of at
	 * most 4000. {@code null} as the value adds none. Names that begin with
	 * {@code context.} are Job Starter's own
	 */
	void capture(BiConsumer<String, @Nullable String> headers);

	/**
	 * Restores the context in the thread that is going to run an attempt, before the
	 * interceptors, the handler, and the handler's transaction if it has one. Also called
	 * for a job that carries no context. Should be quick: a timeout interrupts handlers
	 * only. An exception fails the attempt, as one of the handler would.
	 * @param headers all headers of the job
	 * @return what brings the thread back to where it was
	 */
	Scope restore(Map<String, String> headers);

	/**
	 * A context that holds until it is closed, in the thread that restored it.
	 */
	@FunctionalInterface
	interface Scope extends AutoCloseable {

		/** Nothing was restored. */
		Scope NONE = () -> {
		};

		/**
		 * Brings the thread back to where it was. Scopes are closed in the reverse order,
		 * whatever the attempt came to. An exception is logged and changes nothing.
		 */
		@Override
		void close();

	}

}
