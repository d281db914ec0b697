package io.jobstarter.circuit;

import java.time.Duration;
import java.util.Set;

import io.jobstarter.JobRetry;
import io.jobstarter.JobSignal;
import io.jobstarter.JobTimeoutException;
import io.jobstarter.circuit.FleetBreaker.CallResult;
import io.jobstarter.execution.AttemptContext.InterruptReason;
import io.jobstarter.execution.Permission;
import io.jobstarter.handler.JobDefinition;
import org.jspecify.annotations.Nullable;

/**
 * An attempt that a breaker has permitted.
 */
final class Call implements Permission.Granted {

	private static final Set<String> NOT_PERMITTED = Set.of(
			"io.github.resilience4j.circuitbreaker.CallNotPermittedException",
			"io.github.resilience4j.ratelimiter.RequestNotPermitted",
			"io.github.resilience4j.bulkhead.BulkheadFullException");

	private final FleetBreaker breaker;

	private final FleetBreaker.Epoch epoch;

	private final @Nullable Duration timeout;

	Call(FleetBreaker breaker, FleetBreaker.Epoch epoch, JobDefinition definition) {
		this.breaker = breaker;
		this.epoch = epoch;
		this.timeout = definition.timeout();
	}

	@Override
	public void unused() {
		this.breaker.ended(this.epoch, CallResult.IGNORED, 0, null);
	}

	@Override
	public void ended(Permission.Ending ending) {
		Throwable error = error(ending);
		this.breaker.ended(this.epoch, result(ending, error), ending.nanos(), error);
	}

	private static CallResult result(Permission.Ending ending, @Nullable Throwable error) {
		if (error == null) {
			return CallResult.SUCCESS;
		}
		boolean stopped = ending.interrupted() != null && ending.interrupted() != InterruptReason.TIMEOUT;
		boolean signal = error instanceof JobSignal && !(error instanceof JobRetry);
		return (stopped || signal || wasNotPermitted(error)) ? CallResult.IGNORED : CallResult.FAILURE;
	}

	private @Nullable Throwable error(Permission.Ending ending) {
		Throwable error = ending.error();
		if (error != null && this.timeout != null && ending.interrupted() == InterruptReason.TIMEOUT) {
			return new JobTimeoutException(this.timeout, error);
		}
		return (error instanceof JobRetry && error.getCause() != null) ? error.getCause() : error;
	}

	// A breaker or limiter of the client refused it: what it calls was not reached.
	private static boolean wasNotPermitted(Throwable error) {
		int depth = 0;
		for (Throwable cause = error; cause != null && depth < 20; cause = causeOf(cause), depth++) {
			if (NOT_PERMITTED.contains(cause.getClass().getName())) {
				return true;
			}
		}
		return false;
	}

	private static @Nullable Throwable causeOf(Throwable error) {
		try {
			return error.getCause();
		}
		catch (Throwable ex) {
			// What a handler throws may do anything.
			return null;
		}
	}

}
