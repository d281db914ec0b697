package io.jobstarter.handler;

import java.util.Objects;

import io.jobstarter.DeadLetter;
import io.jobstarter.JobAttempt;
import io.jobstarter.JobFailure;
import io.jobstarter.JobOutcome;
import io.jobstarter.OnDead;
import io.jobstarter.OnDiscard;
import org.jspecify.annotations.Nullable;

/**
 * What the {@link OnDead} and {@link OnDiscard} methods of a bean want to hear.
 */
final class MethodCallbacks implements JobCallbacks {

	private final @Nullable BeanMethod onDead;

	private final @Nullable BeanMethod onDiscard;

	MethodCallbacks(@Nullable BeanMethod onDead, @Nullable BeanMethod onDiscard) {
		this.onDead = onDead;
		this.onDiscard = onDiscard;
	}

	@Override
	public boolean hearsOfDeath() {
		return this.onDead != null;
	}

	@Override
	public void onDead(@Nullable Object payload, DeadLetter letter) throws Exception {
		Objects.requireNonNull(this.onDead)
			.call((type) -> (type == DeadLetter.class) ? letter
					: (type == JobFailure.class) ? letter.failure() : payload);
	}

	@Override
	public boolean hearsOfDiscard() {
		return this.onDiscard != null;
	}

	@Override
	public void onDiscard(@Nullable Object payload, JobAttempt attempt, JobOutcome.Discarded outcome) throws Exception {
		Objects.requireNonNull(this.onDiscard)
			.call((type) -> (type == JobAttempt.class) ? attempt
					: (type == JobOutcome.Discarded.class) ? outcome : payload);
	}

	@Override
	public void verify() {
		if (this.onDead != null) {
			this.onDead.verify();
		}
		if (this.onDiscard != null) {
			this.onDiscard.verify();
		}
	}

}
