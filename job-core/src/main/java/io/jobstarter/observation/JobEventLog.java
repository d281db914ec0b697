package io.jobstarter.observation;

import io.jobstarter.JobEvent;
import io.jobstarter.JobFailure;
import io.jobstarter.JobOutcome;
import io.jobstarter.support.CleanText;
import io.jobstarter.support.JobEventListener;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

/**
 * Writes what happens to jobs to the log, a line each: failures as warnings, the ordinary
 * course of things for debugging. What comes from an exception is cleaned of line breaks
 * and control codes; payloads are never logged.
 */
public class JobEventLog implements JobEventListener {

	private static final Log logger = LogFactory.getLog("io.jobstarter.jobs");

	private static final int MAX_MESSAGE = 500;

	@Override
	public void hear(JobEvent event) {
		if (event instanceof JobEvent.Settled settled) {
			log(settled);
		}
		else if (event instanceof JobEvent.Recovered recovered) {
			log(recovered);
		}
	}

	/**
	 * Logs the end of an attempt.
	 * @param event the event
	 */
	public void log(JobEvent.Settled event) {
		if (event.outcome() instanceof JobOutcome.Succeeded && !logger.isDebugEnabled()) {
			return;
		}
		String subject = "Job " + event.id() + " (" + event.name() + ", queue " + event.queue() + ", attempt "
				+ event.number() + ") ";
		JobOutcome outcome = event.outcome();
		if (outcome instanceof JobOutcome.Retried retried) {
			logger.warn(subject + "failed and is tried again in " + retried.delay() + ": " + text(retried.failure()));
		}
		else if (outcome instanceof JobOutcome.Dead dead) {
			logger.error(subject + "is dead (" + dead.reason() + "): " + text(dead.failure()));
		}
		else if (outcome instanceof JobOutcome.Discarded discarded) {
			logger.info(subject + "was discarded: " + CleanText.printable(discarded.reason(), MAX_MESSAGE));
		}
		else if (logger.isDebugEnabled()) {
			logger.debug(subject + outcome.label() + " after " + event.ran());
		}
	}

	/**
	 * Logs what recovery did to a job.
	 * @param event the event
	 */
	public void log(JobEvent.Recovered event) {
		String subject = "Job " + event.id() + " (" + event.name() + ", queue " + event.queue() + ") ";
		if (event.dead()) {
			logger.error(subject + "is dead (CRASH): its worker died " + event.crashes() + " times while it ran");
		}
		else {
			logger.info(subject + "is free again: its worker is gone (crashes: " + event.crashes() + ")");
		}
	}

	private static String text(JobFailure failure) {
		return failure.errorClass() + ": " + CleanText.printable(failure.message(), MAX_MESSAGE);
	}

}
