package io.jobstarter.support;

import io.jobstarter.JobEvent;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.springframework.context.ApplicationEventPublisher;

/**
 * Publishes events to listeners that may fail: what they do never changes what happened.
 */
public final class SafeEvents {

	private static final Log logger = LogFactory.getLog(SafeEvents.class);

	private final ApplicationEventPublisher publisher;

	/**
	 * Makes a publisher.
	 * @param publisher hands events to the listeners
	 */
	public SafeEvents(ApplicationEventPublisher publisher) {
		this.publisher = publisher;
	}

	/**
	 * Publishes an event; a listener's failure is logged.
	 * @param event the event
	 */
	public void publish(JobEvent event) {
		try {
			this.publisher.publishEvent(event);
		}
		catch (Throwable ex) {
			logger.warn("A listener failed on " + event.getClass().getSimpleName() + " of job " + event.id(), ex);
		}
	}

}
