package io.jobstarter.faults;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

import io.jobstarter.BackgroundJob;
import io.jobstarter.Backoff;
import io.jobstarter.JobAttempt;
import io.jobstarter.RetryOn;

import org.springframework.beans.factory.annotation.Value;
import org.springframework.stereotype.Component;

/**
 * Jobs that call another system over the network: a line with the node's name and the
 * job's number, and an answer in a line, {@code ok} if all is well.
 */
@Component
public class DownstreamJobs {

	private final Ledger ledger;

	private final String node;

	DownstreamJobs(Ledger ledger, @Value("${node.name:?}") String node) {
		this.ledger = ledger;
		this.node = node;
	}

	/** Is retried as every job is where nothing else is said. */
	public record ByDefault(int number, int port) {
	}

	/** Is retried after the same time again and again. */
	public record Fixed(int number, int port) {
	}

	/** Is retried by the second of two rules. */
	public record ByRule(int number, int port) {
	}

	/** Has a circuit breaker. */
	public record Guarded(int number, int port) {
	}

	@BackgroundJob
	void byDefault(ByDefault job, JobAttempt attempt) throws IOException {
		this.ledger.started(job.number(), attempt);
		call(job.number(), job.port());
	}

	@BackgroundJob
	@RetryOn(value = IOException.class, delay = "2s", backoff = Backoff.FIXED)
	void fixed(Fixed job, JobAttempt attempt) throws IOException {
		this.ledger.started(job.number(), attempt);
		call(job.number(), job.port());
	}

	@BackgroundJob
	@RetryOn(value = IllegalStateException.class, delay = "1h")
	@RetryOn(value = IOException.class, delay = "1s", backoff = Backoff.LINEAR, jitter = 0.5)
	void byRule(ByRule job, JobAttempt attempt) throws IOException {
		this.ledger.started(job.number(), attempt);
		call(job.number(), job.port());
	}

	@BackgroundJob(circuitBreaker = "downstream")
	@RetryOn(value = IOException.class, maxAttempts = 50, delay = "200ms", backoff = Backoff.FIXED)
	void guarded(Guarded job, JobAttempt attempt) throws IOException {
		this.ledger.started(job.number(), attempt);
		call(job.number(), job.port());
	}

	private void call(int number, int port) throws IOException {
		try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port);
				BufferedReader answer = new BufferedReader(
						new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8))) {
			socket.getOutputStream().write((this.node + " " + number + "\n").getBytes(StandardCharsets.UTF_8));
			if (!"ok".equals(answer.readLine())) {
				throw new IOException("503 Service Unavailable");
			}
		}
	}

}
