package io.jobstarter.handler;

import java.util.Objects;

import io.jobstarter.JobAttempt;
import io.jobstarter.JobHandler;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.config.ConfigurableBeanFactory;

/**
 * Calls a {@link JobHandler} bean.
 */
final class BeanInvoker implements JobInvoker {

	private final ConfigurableBeanFactory beanFactory;

	private final String beanName;

	private final JobCallbacks callbacks;

	BeanInvoker(ConfigurableBeanFactory beanFactory, String beanName) {
		this.beanFactory = beanFactory;
		this.beanName = beanName;
		this.callbacks = new BeanCallbacks(beanFactory, beanName);
	}

	@Override
	public JobCallbacks callbacks() {
		return this.callbacks;
	}

	@Override
	@SuppressWarnings("unchecked")
	public void invoke(@Nullable Object payload, JobAttempt attempt) throws Exception {
		JobHandler<Object> handler = (JobHandler<Object>) this.beanFactory.getBean(this.beanName);
		handler.handle(Objects.requireNonNull(payload, "A JobHandler has a payload"), attempt);
	}

}
