package io.jobstarter.sample.delivery;

import java.time.InstantSource;

import io.jobstarter.BackgroundJob;
import io.jobstarter.JobAttempt;
import io.jobstarter.JobDiscard;
import io.jobstarter.JobHandler;
import io.jobstarter.RetryOn;
import io.jobstarter.sample.github.GithubEvent;
import io.jobstarter.sample.github.UnreadableEventException;
import io.jobstarter.sample.notification.Notifications;
import io.jobstarter.sample.projection.Projections;

import org.springframework.dao.ConcurrencyFailureException;
import org.springframework.dao.DataIntegrityViolationException;

/**
 * Processes a delivery. The attempt is one transaction with the settling of the job, so
 * the tables, the mark on the delivery and the follow-up job change together, or not at
 * all.
 */
// Two deliveries of an issue that is new to us insert the same row at the same time; the
// one that loses is soon tried again and finds the row.
@RetryOn(value = { DataIntegrityViolationException.class, ConcurrencyFailureException.class }, maxAttempts = 10,
		delay = "100ms", maxDelay = "5s", jitter = 1)
// Trying again does not make it readable: a dead letter at once, to be redriven after a
// fix.
@RetryOn(value = UnreadableEventException.class, maxAttempts = 1)
@BackgroundJob(queue = "deliveries", transactional = true)
class ProcessDeliveryJob implements JobHandler<ProcessDelivery> {

	private final DeliveryRepository deliveries;

	private final Projections projections;

	private final Notifications notifications;

	private final InstantSource clock;

	ProcessDeliveryJob(DeliveryRepository deliveries, Projections projections, Notifications notifications,
			InstantSource clock) {
		this.deliveries = deliveries;
		this.projections = projections;
		this.notifications = notifications;
		this.clock = clock;
	}

	@Override
	public void handle(ProcessDelivery job, JobAttempt attempt) {
		Delivery delivery = this.deliveries.findWithLockById(job.deliveryId())
			.orElseThrow(() -> JobDiscard.because("The delivery was deleted"));
		boolean first = delivery.markProcessed(this.clock.instant());
		if (Projections.isProjected(delivery.event())) {
			GithubEvent event = GithubEvent.read(delivery.getId(), delivery.event(), delivery.body());
			this.projections.project(event);
			// A replay brings the tables up to date; it does not tell the world again.
			if (first) {
				this.notifications.announce(event);
			}
		}
		// Whatever the database objects to is then an exception of ours, for the rules
		// above.
		this.deliveries.flush();
	}

}
