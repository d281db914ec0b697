package io.jobstarter.sample.delivery;

import java.time.InstantSource;

import io.jobstarter.JobClient;
import io.jobstarter.sample.github.GithubEventNames;

import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Transactional;

/**
 * Stores a delivery and enqueues its job in one transaction: there is never one without
 * the other.
 */
@Component
class DeliveryRecorder {

	private final DeliveryRepository deliveries;

	private final GithubEventNames events;

	private final JobClient jobs;

	private final InstantSource clock;

	DeliveryRecorder(DeliveryRepository deliveries, GithubEventNames events, JobClient jobs, InstantSource clock) {
		this.deliveries = deliveries;
		this.events = events;
		this.jobs = jobs;
		this.clock = clock;
	}

	@Transactional
	Receipt record(IncomingDelivery incoming) {
		if (this.deliveries.countDuplicate(incoming.id()) == 1) {
			return new Receipt(incoming.id(), true);
		}
		boolean known = this.events.contains(incoming.event());
		DeliveryStatus status = known ? DeliveryStatus.WAITING : DeliveryStatus.IGNORED;
		// Flushed here, so that of two at the same time the second fails before it
		// enqueues.
		this.deliveries.saveAndFlush(new Delivery(incoming, status, this.clock.instant()));
		if (known) {
			this.jobs.job(new ProcessDelivery(incoming.id())).tag("event:" + incoming.event()).enqueue();
		}
		return new Receipt(incoming.id(), false);
	}

}
