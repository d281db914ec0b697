package io.jobstarter.sample.delivery;

import java.util.List;
import java.util.UUID;

import io.jobstarter.Enqueued;
import io.jobstarter.JobClient;
import io.jobstarter.sample.web.AdminOnly;
import io.jobstarter.sample.web.RequestRefused;

import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

@RestController
@RequestMapping(path = "/deliveries", produces = MediaType.APPLICATION_JSON_VALUE)
class DeliveryController {

	private final DeliveryRepository deliveries;

	private final JobClient jobs;

	DeliveryController(DeliveryRepository deliveries, JobClient jobs) {
		this.deliveries = deliveries;
		this.jobs = jobs;
	}

	@GetMapping("/summary")
	List<EventSummary> summary() {
		return this.deliveries.summarize();
	}

	@GetMapping("/{id}")
	DeliveryView show(@PathVariable UUID id) {
		return this.deliveries.findView(id).orElseThrow(() -> RequestRefused.notFound("There is no such delivery."));
	}

	@AdminOnly
	@PostMapping("/{id}/replay")
	@ResponseStatus(HttpStatus.ACCEPTED)
	Replay replay(@PathVariable UUID id) {
		DeliveryView delivery = show(id);
		// A second click while the first replay still waits changes nothing.
		Enqueued enqueued = this.jobs.job(new ProcessDelivery(id))
			.uniqueKey(id.toString())
			.tag("event:" + delivery.event())
			.tag("replay")
			.enqueue();
		return new Replay(id, enqueued.id().value(), enqueued.duplicate());
	}

	/**
	 * What became of a replay.
	 *
	 * @param id the delivery's id
	 * @param jobId the id of the job that will process it
	 * @param waitsAlready whether that job was there before
	 */
	record Replay(UUID id, long jobId, boolean waitsAlready) {
	}

}
