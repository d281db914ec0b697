package io.jobstarter.execution;

import io.jobstarter.JobOutcome;
import org.jspecify.annotations.Nullable;

/**
 * An attempt whose payload was read and whose permits were asked. It is run once, or not
 * at all.
 */
public final class PreparedAttempt {

	private final JobExecution execution;

	private final AttemptRequest request;

	private final @Nullable Object payload;

	private final Permission.Granted permission;

	private final @Nullable JobOutcome refusal;

	private boolean begun;

	private PreparedAttempt(JobExecution execution, AttemptRequest request, @Nullable Object payload,
			Permission.Granted permission, @Nullable JobOutcome refusal) {
		this.execution = execution;
		this.request = request;
		this.payload = payload;
		this.permission = permission;
		this.refusal = refusal;
	}

	static PreparedAttempt permitted(JobExecution execution, AttemptRequest request, @Nullable Object payload,
			Permission.Granted permission) {
		return new PreparedAttempt(execution, request, payload, permission, null);
	}

	static PreparedAttempt refused(JobExecution execution, AttemptRequest request, JobOutcome refusal) {
		return new PreparedAttempt(execution, request, null, Permission.UNLIMITED, refusal);
	}

	/**
	 * Tells what became of an attempt that may not begin: its payload cannot be read, or
	 * a permit was refused.
	 * @return its outcome, or {@code null} if it may begin
	 */
	public @Nullable JobOutcome refusal() {
		return this.refusal;
	}

	/**
	 * Makes the attempt in the calling thread: interceptors and handler.
	 * @return how it ended
	 */
	public JobOutcome run() {
		if (this.refusal != null) {
			return this.refusal;
		}
		this.begun = true;
		return this.execution.runPermitted(this.request, this.payload, this.permission);
	}

	/**
	 * Gives the permission back if the attempt did not begin after all.
	 */
	public void unused() {
		if (!this.begun) {
			this.begun = true;
			this.permission.unused();
		}
	}

}
