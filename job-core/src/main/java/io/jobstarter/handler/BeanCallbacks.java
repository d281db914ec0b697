package io.jobstarter.handler;

import java.lang.reflect.Method;
import java.util.Objects;

import io.jobstarter.DeadLetter;
import io.jobstarter.JobAttempt;
import io.jobstarter.JobHandler;
import io.jobstarter.JobOutcome;
import org.jspecify.annotations.Nullable;
import org.springframework.aop.support.AopUtils;
import org.springframework.beans.factory.config.ConfigurableBeanFactory;
import org.springframework.util.ClassUtils;

/**
 * What a {@link JobHandler} bean wants to hear: what it overrides.
 */
final class BeanCallbacks implements JobCallbacks {

	private static final Method ON_DEAD = ClassUtils.getMethod(JobHandler.class, "onDead", Object.class,
			DeadLetter.class);

	private static final Method ON_DISCARD = ClassUtils.getMethod(JobHandler.class, "onDiscard", Object.class,
			JobAttempt.class, JobOutcome.Discarded.class);

	private final ConfigurableBeanFactory beanFactory;

	private final String beanName;

	BeanCallbacks(ConfigurableBeanFactory beanFactory, String beanName) {
		this.beanFactory = beanFactory;
		this.beanName = beanName;
	}

	@Override
	public boolean hearsOfDeath() {
		return overrides(ON_DEAD);
	}

	@Override
	public void onDead(@Nullable Object payload, DeadLetter letter) throws Exception {
		handler().onDead(present(payload), letter);
	}

	@Override
	public boolean hearsOfDiscard() {
		return overrides(ON_DISCARD);
	}

	@Override
	public void onDiscard(@Nullable Object payload, JobAttempt attempt, JobOutcome.Discarded outcome) throws Exception {
		handler().onDiscard(present(payload), attempt, outcome);
	}

	@SuppressWarnings("unchecked")
	private JobHandler<Object> handler() {
		return (JobHandler<Object>) this.beanFactory.getBean(this.beanName);
	}

	private static Object present(@Nullable Object payload) {
		return Objects.requireNonNull(payload, "A JobHandler has a payload");
	}

	private boolean overrides(Method method) {
		Class<?> type = type();
		return type != null && ClassUtils.getMostSpecificMethod(method, type).getDeclaringClass() != JobHandler.class;
	}

	// Of the bean itself if it is there, behind its proxy, which overrides everything:
	// its
	// declaration may name an interface only.
	private @Nullable Class<?> type() {
		boolean there = this.beanFactory.containsSingleton(this.beanName)
				&& !this.beanFactory.isFactoryBean(this.beanName);
		Object bean = there ? this.beanFactory.getSingleton(this.beanName) : null;
		if (bean != null) {
			return AopUtils.getTargetClass(bean);
		}
		Class<?> declared = this.beanFactory.getType(this.beanName);
		return (declared != null) ? ClassUtils.getUserClass(declared) : null;
	}

}
