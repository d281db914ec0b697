package io.jobstarter.autoconfigure.actuate;

import java.time.Instant;

import io.jobstarter.BreakerInfo;
import io.jobstarter.BreakerState;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.actuate.endpoint.OperationResponseBody;

/**
 * A circuit breaker as the endpoint shows it.
 *
 * @param name its name: that of the instance, followed by a colon and the key where there
 * is one for each key
 * @param state its state, on all nodes
 * @param since since when it is in that state
 * @param openUntil until when it stays open at least
 * @param prober the worker that probes it; text, since it has more digits than a number
 * in JavaScript
 * @param reason why it opened, or was set
 * @param changedBy who changed it last: a node, or an operator
 * @param parked how many jobs wait for it
 */
public record BreakerView(String name, BreakerState state, @Nullable Instant since, @Nullable Instant openUntil,
		@Nullable String prober, @Nullable String reason, @Nullable String changedBy,
		long parked) implements OperationResponseBody {

	static BreakerView of(BreakerInfo breaker) {
		return new BreakerView(breaker.name(), breaker.state(), breaker.since(), breaker.openUntil(),
				FailureView.text(breaker.prober()), breaker.reason(), breaker.changedBy(), breaker.parked());
	}

}
