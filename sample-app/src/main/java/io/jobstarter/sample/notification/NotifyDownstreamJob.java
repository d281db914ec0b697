package io.jobstarter.sample.notification;

import java.time.InstantSource;

import io.jobstarter.BackgroundJob;
import io.jobstarter.DiscardOn;
import io.jobstarter.JobAttempt;
import io.jobstarter.JobHandler;
import io.jobstarter.JobRetry;
import io.jobstarter.RetryOn;

import org.springframework.web.client.HttpClientErrorException;
import org.springframework.web.client.HttpServerErrorException;
import org.springframework.web.client.ResourceAccessException;

/**
 * Notifies the downstream system. HTTP cannot be rolled back, so the attempt is not a
 * transaction, and no connection is held while it waits: the other side hears of
 * everything at least once, and tells repetitions by their key.
 */
// The rule of the most specific exception class decides.
@RetryOn(value = { HttpServerErrorException.class, ResourceAccessException.class }, maxAttempts = 4,
		delay = "${sample.downstream.retry-delay}")
// It understood us, and refuses: only a human can mend that, so a dead letter at once.
@RetryOn(value = HttpClientErrorException.class, maxAttempts = 1)
// It does not want to hear of this any more.
@DiscardOn(HttpClientErrorException.Gone.class)
@BackgroundJob(queue = "notifications", timeout = "10s")
class NotifyDownstreamJob implements JobHandler<NotifyDownstream> {

	private final DownstreamClient downstream;

	private final InstantSource clock;

	NotifyDownstreamJob(DownstreamClient downstream, InstantSource clock) {
		this.downstream = downstream;
		this.clock = clock;
	}

	@Override
	public void handle(NotifyDownstream job, JobAttempt attempt) {
		try {
			this.downstream.send(job, attempt.idempotencyKey());
		}
		catch (HttpClientErrorException.TooManyRequests ex) {
			throw JobRetry.after(RetryAfter.of(ex.getResponseHeaders(), this.clock.instant()), ex);
		}
	}

}
