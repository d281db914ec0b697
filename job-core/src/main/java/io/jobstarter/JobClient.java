package io.jobstarter;

import java.util.Collection;
import java.util.List;
import java.util.stream.Stream;

/**
 * Enqueues background jobs.
 * <p>
 * Every enqueue joins the transaction that is current in the calling thread, JPA's
 * included: after a rollback there is no job, after a commit it always runs. Without one,
 * each call is a transaction of its own. What can be known to be wrong fails here: an
 * unknown payload type, a payload that cannot be serialized or is too large, a read-only
 * transaction.
 */
public interface JobClient {

	/**
	 * Enqueues one job with the settings of its handler.
	 * @param payload the job's arguments; its class has a handler
	 * @return the job's id
	 * @throws UnknownJobException if no handler takes this payload type
	 * @throws DuplicateJobException if another job holds its unique key, and that is to
	 * fail
	 * @throws InvalidPayloadException if the payload cannot be stored
	 * @throws InvalidJobException if the queue depends on the payload, and this one leads
	 * to none
	 * @throws ReadOnlyTransactionException if the current transaction is read-only
	 * @throws QueueFullException if its queue has a bound and holds as many jobs as that
	 * allows
	 */
	Enqueued enqueue(Object payload);

	/**
	 * Enqueues many jobs, all or none of them, in few statements. One that is
	 * {@linkplain UniqueConflict#FAIL refused} as a duplicate refuses all of them; of
	 * more than 1,000 it also marks the caller's transaction for rollback.
	 * @param payloads the jobs' arguments, of any mix of types
	 * @return what became of each, in the order given
	 * @see #enqueue(Object)
	 */
	List<Enqueued> enqueueAll(Collection<?> payloads);

	/**
	 * Enqueues as many jobs as the stream yields, all or none of them, without holding
	 * them all in memory. The stream is read inside the transaction and closed.
	 * @param payloads the jobs' arguments, of any mix of types
	 * @return how many jobs were enqueued
	 * @see #enqueue(Object)
	 */
	long enqueueAll(Stream<?> payloads);

	/**
	 * Starts the enqueue of one job with options of its own.
	 * @param payload the job's arguments; its class has a handler
	 * @return the options, to end with {@link EnqueueSpec#enqueue()}
	 * @throws UnknownJobException if no handler takes this payload type
	 */
	EnqueueSpec job(Object payload);

	/**
	 * Starts the enqueue of a job whose handler method takes no payload.
	 * @param name the job's name
	 * @return the options, to end with {@link EnqueueSpec#enqueue()}
	 * @throws UnknownJobException if no handler without a payload has this name
	 */
	EnqueueSpec jobNamed(String name);

	/**
	 * Runs a job here and now in the calling thread, and in the caller's transaction if
	 * there is one; a handler that is {@linkplain BackgroundJob#transactional()
	 * transactional} has one of its own otherwise. Interceptors and permits apply. There
	 * is no row, no retry and no dead letter.
	 * @param payload the job's arguments; its class has a handler
	 * @throws UnknownJobException if no handler takes this payload type
	 * @throws JobNotPermittedException if a rate limiter or a circuit breaker refuses it
	 * @throws Exception whatever the handler throws
	 */
	void runNow(Object payload) throws Exception;

}
