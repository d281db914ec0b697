package io.jobstarter.handler;

import io.jobstarter.JobAttempt;
import org.jspecify.annotations.Nullable;

/**
 * Calls a method of a bean, or of its proxy.
 */
final class MethodInvoker implements JobInvoker {

	private final BeanMethod method;

	private final JobCallbacks callbacks;

	MethodInvoker(BeanMethod method, JobCallbacks callbacks) {
		this.method = method;
		this.callbacks = callbacks;
	}

	@Override
	public void invoke(@Nullable Object payload, JobAttempt attempt) throws Exception {
		this.method.call((type) -> (type == JobAttempt.class) ? attempt : payload);
	}

	@Override
	public JobCallbacks callbacks() {
		return this.callbacks;
	}

	@Override
	public void verify() {
		this.method.verify();
		this.callbacks.verify();
	}

}
