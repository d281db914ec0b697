package io.jobstarter.worker;

import java.util.concurrent.Executor;

import io.jobstarter.circuit.Circuits;
import io.jobstarter.context.ContextPropagation;
import io.jobstarter.execution.JobExecution;
import io.jobstarter.handler.HandlerRegistry;
import io.jobstarter.store.ClaimStore;
import io.jobstarter.store.FleetStore;
import io.jobstarter.store.WakeUp;
import io.jobstarter.store.WorkerStore;
import io.jobstarter.support.SafeEvents;
import org.springframework.transaction.PlatformTransactionManager;

/**
 * What a worker works with.
 *
 * @param claims hands out jobs and writes what became of them
 * @param workers keeps the lease
 * @param registry the handlers
 * @param execution makes attempts
 * @param executor runs bodies, at least as many at a time as the worker has slots
 * @param transactionManager manages the transactions of transactional handlers
 * @param events tells listeners
 * @param wakeUp tells workers, this one included, of jobs that are given back
 * @param context restores the context that jobs were enqueued in
 * @param circuits keeps the circuit breakers of this node in step with those of others
 * @param rates the rates of the queues that the node serves
 * @param fleet divides the slots of queues that are bounded over all nodes
 */
public record WorkerDependencies(ClaimStore claims, WorkerStore workers, HandlerRegistry registry,
		JobExecution execution, Executor executor, PlatformTransactionManager transactionManager, SafeEvents events,
		WakeUp wakeUp, ContextPropagation context, Circuits circuits, QueueRates rates, FleetStore fleet) {
}
