package io.jobstarter.rehearsal;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;

import io.jobstarter.BackgroundJob;
import io.jobstarter.JobAttempt;
import io.jobstarter.JobHandler;

import org.springframework.beans.factory.annotation.Value;

/**
 * Calls the downstream system, and fails when that does. Whether a circuit breaker stands
 * in between is up to {@code rehearsal.yml}.
 */
@BackgroundJob(queue = "calls")
class CallDownstreamJob implements JobHandler<CallDownstream> {

	private final HttpClient http = HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(2)).build();

	private final URI downstream;

	CallDownstreamJob(@Value("${rehearsal.downstream}") URI downstream) {
		this.downstream = downstream;
	}

	@Override
	public void handle(CallDownstream job, JobAttempt attempt) throws IOException, InterruptedException {
		HttpRequest request = HttpRequest.newBuilder(this.downstream.resolve("/" + job.number()))
			.timeout(Duration.ofSeconds(5))
			.POST(HttpRequest.BodyPublishers.noBody())
			.build();
		int status = this.http.send(request, HttpResponse.BodyHandlers.discarding()).statusCode();
		if (status != 200) {
			throw new IOException("The downstream system answered " + status);
		}
	}

}
