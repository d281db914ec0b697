package io.jobstarter.support;

import java.util.List;
import java.util.function.Consumer;

import io.jobstarter.BreakerEvent;
import io.jobstarter.JobEvent;
import io.jobstarter.OperatorAction;
import io.jobstarter.RecurringEvent;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

import org.springframework.context.ApplicationEventPublisher;

/**
 * Publishes events to listeners that may fail: what they do never changes what happened.
 */
public final class SafeEvents {

	private static final Log logger = LogFactory.getLog(SafeEvents.class);

	private static final int MAX_NAME = 300;

	private final ApplicationEventPublisher publisher;

	private volatile List<JobEventListener> listeners = List.of();

	/**
	 * Makes a publisher.
	 * @param publisher hands events to the listeners
	 */
	public SafeEvents(ApplicationEventPublisher publisher) {
		this.publisher = publisher;
	}

	/**
	 * Tells the engine's own listeners as well from now on.
	 * @param listeners who is told first, in this order
	 */
	public void tell(List<JobEventListener> listeners) {
		this.listeners = List.copyOf(listeners);
	}

	/**
	 * Publishes an event; a listener's failure is logged.
	 * @param event the event
	 */
	public void publish(JobEvent event) {
		for (JobEventListener listener : this.listeners) {
			safely(event, listener::hear);
		}
		safely(event, this.publisher::publishEvent);
	}

	/**
	 * Publishes an event of an attempt; a listener's failure is logged.
	 * @param event the event
	 * @param attempt the attempt
	 */
	public void publish(JobEvent event, AttemptDetails attempt) {
		for (JobEventListener listener : this.listeners) {
			safely(event, (heard) -> listener.hear(heard, attempt));
		}
		safely(event, this.publisher::publishEvent);
	}

	/**
	 * Publishes an event of a circuit breaker; a listener's failure is logged.
	 * @param event the event
	 */
	public void publish(BreakerEvent event) {
		try {
			this.publisher.publishEvent(event);
		}
		catch (Throwable ex) {
			logger.warn("A listener failed on " + event.getClass().getSimpleName() + " of circuit breaker "
					+ CleanText.printable(event.name(), MAX_NAME), LoggedError.of(ex));
		}
	}

	/**
	 * Publishes an event of a recurring job; a listener's failure is logged.
	 * @param event the event
	 */
	public void publish(RecurringEvent event) {
		try {
			this.publisher.publishEvent(event);
		}
		catch (Throwable ex) {
			logger.warn("A listener failed on " + event.getClass().getSimpleName() + " of recurring job "
					+ CleanText.printable(event.id(), MAX_NAME), LoggedError.of(ex));
		}
	}

	/**
	 * Publishes what an operator did; a listener's failure is logged.
	 * @param action what was done
	 */
	public void publish(OperatorAction action) {
		try {
			this.publisher.publishEvent(action);
		}
		catch (Throwable ex) {
			logger.warn("A listener failed on the operation " + action.operation(), LoggedError.of(ex));
		}
	}

	private static void safely(JobEvent event, Consumer<JobEvent> listener) {
		try {
			listener.accept(event);
		}
		catch (Throwable ex) {
			logger.warn("A listener failed on " + event.getClass().getSimpleName() + " of job " + event.id(),
					LoggedError.of(ex));
		}
	}

}
