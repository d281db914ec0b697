package io.jobstarter.autoconfigure.actuate;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.actuate.endpoint.OperationResponseBody;

/**
 * What an operation has done.
 *
 * @param changed whether it changed anything
 * @param job the job that will run
 * @param state the state of the job now
 * @param redrive the redrive that was begun
 * @param matching how many dead letters it is to take
 */
public record ChangeView(boolean changed, @Nullable Long job, @Nullable String state, @Nullable Long redrive,
		@Nullable Long matching) implements OperationResponseBody {

	static final ChangeView DONE = changed(true);

	static ChangeView changed(boolean changed) {
		return new ChangeView(changed, null, null, null, null);
	}

	static ChangeView job(long job) {
		return new ChangeView(true, job, null, null, null);
	}

	static ChangeView state(Enum<?> state) {
		return new ChangeView(true, null, state.name(), null, null);
	}

	static ChangeView redrive(long redrive, long matching) {
		return new ChangeView(true, null, null, redrive, matching);
	}

	static ChangeView dryRun(long matching) {
		return new ChangeView(false, null, null, null, matching);
	}

}
