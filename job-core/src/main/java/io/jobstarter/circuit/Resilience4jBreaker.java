package io.jobstarter.circuit;

import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.TimeUnit;

import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig;
import io.jobstarter.BreakerState;
import io.jobstarter.support.CleanText;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

/**
 * A breaker of Resilience4j.
 */
final class Resilience4jBreaker implements LocalBreaker {

	private static final Log logger = LogFactory.getLog(Resilience4jBreaker.class);

	private static final Duration DEFAULT_WAIT = Duration
		.ofSeconds(CircuitBreakerConfig.DEFAULT_WAIT_DURATION_IN_OPEN_STATE);

	private static final int MAX_SHOWN = 500;

	private final CircuitBreaker breaker;

	private final Runnable removal;

	private volatile String counted = "";

	Resilience4jBreaker(CircuitBreaker breaker, Listener listener, Runnable removal) {
		this.breaker = breaker;
		this.removal = removal;
		CircuitBreaker.EventPublisher events = breaker.getEventPublisher();
		// These come right before the turn, in the same thread, which empties the window.
		events.onFailureRateExceeded((event) -> this.counted = rate("failure", event.getFailureRate()));
		events.onSlowCallRateExceeded((event) -> this.counted = rate("slow call", event.getSlowCallRate()));
		events.onStateTransition(
				(event) -> listener.turned(state(event.getStateTransition().getToState()), this.counted));
	}

	private static String rate(String of, float percent) {
		return String.format(Locale.ROOT, "%s rate %.0f %%", of, percent);
	}

	@Override
	public boolean tryAcquire() {
		return this.breaker.tryAcquirePermission();
	}

	@Override
	public void release() {
		this.breaker.releasePermission();
	}

	@Override
	public void succeeded(long nanos) {
		this.breaker.onSuccess(nanos, TimeUnit.NANOSECONDS);
	}

	@Override
	public void failed(long nanos, Throwable error) {
		this.breaker.onError(nanos, TimeUnit.NANOSECONDS, error);
	}

	@Override
	public BreakerState state() {
		return state(this.breaker.getState());
	}

	private static BreakerState state(CircuitBreaker.State state) {
		return switch (state) {
			case CLOSED -> BreakerState.CLOSED;
			case OPEN -> BreakerState.OPEN;
			case HALF_OPEN -> BreakerState.HALF_OPEN;
			case FORCED_OPEN -> BreakerState.FORCED_OPEN;
			case DISABLED, METRICS_ONLY -> BreakerState.FORCED_CLOSED;
		};
	}

	@Override
	public void close() {
		this.breaker.transitionToClosedState();
	}

	// One that only measures does not open.
	@Override
	public void open(Duration hold) {
		if (this.breaker.getState() == CircuitBreaker.State.METRICS_ONLY) {
			this.breaker.transitionToClosedState();
		}
		this.breaker.transitionToOpenStateFor(hold);
	}

	// Only what is open can be half open.
	@Override
	public void halfOpen() {
		if (this.breaker.getState() != CircuitBreaker.State.OPEN) {
			open(Duration.ofDays(1));
		}
		this.breaker.transitionToHalfOpenState();
	}

	@Override
	public void forceOpen() {
		this.breaker.transitionToForcedOpenState();
	}

	@Override
	public void forceClosed() {
		this.breaker.transitionToDisabledState();
	}

	// The function may be the application's own: if it fails, the fleet must hear of this
	// opening all the same, and of those of other breakers, which are told after it.
	@Override
	public Duration waitAfter(int openings) {
		try {
			long millis = this.breaker.getCircuitBreakerConfig().getWaitIntervalFunctionInOpenState().apply(openings);
			return Duration.ofMillis(Math.max(0, millis));
		}
		catch (Throwable ex) {
			logger.error("The wait of circuit breaker " + this.breaker.getName() + " cannot be told: it is "
					+ DEFAULT_WAIT + ": " + CleanText.oneLine(ex, MAX_SHOWN));
			return DEFAULT_WAIT;
		}
	}

	@Override
	public int probes() {
		return this.breaker.getCircuitBreakerConfig().getPermittedNumberOfCallsInHalfOpenState();
	}

	@Override
	public int counted() {
		return this.breaker.getMetrics().getNumberOfBufferedCalls();
	}

	@Override
	public void remove() {
		this.removal.run();
	}

}
