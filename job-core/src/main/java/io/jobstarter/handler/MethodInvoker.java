package io.jobstarter.handler;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.Arrays;

import io.jobstarter.JobAttempt;
import org.jspecify.annotations.Nullable;
import org.springframework.aop.support.AopUtils;
import org.springframework.beans.factory.config.ConfigurableBeanFactory;
import org.springframework.util.ReflectionUtils;

/**
 * Calls a method of a bean, or of its proxy.
 */
final class MethodInvoker implements JobInvoker {

	private final ConfigurableBeanFactory beanFactory;

	private final String beanName;

	private final Method method;

	private final String source;

	MethodInvoker(ConfigurableBeanFactory beanFactory, String beanName, Method method, String source) {
		this.beanFactory = beanFactory;
		this.beanName = beanName;
		this.method = method;
		this.source = source;
	}

	@Override
	public void invoke(@Nullable Object payload, JobAttempt attempt) throws Exception {
		Object bean = this.beanFactory.getBean(this.beanName);
		Method invocable = AopUtils.selectInvocableMethod(this.method, bean.getClass());
		ReflectionUtils.makeAccessible(invocable);
		try {
			invocable.invoke(bean, arguments(payload, attempt));
		}
		catch (InvocationTargetException ex) {
			ReflectionUtils.rethrowException(ex.getTargetException());
		}
	}

	// A bean that is not there yet is not created for this.
	@Override
	public void verify() {
		boolean there = this.beanFactory.containsSingleton(this.beanName)
				&& !this.beanFactory.isFactoryBean(this.beanName);
		Object bean = there ? this.beanFactory.getSingleton(this.beanName) : null;
		if (bean != null) {
			HandlerChecks.requireReachable(this.method, bean, this.source);
		}
	}

	private @Nullable Object[] arguments(@Nullable Object payload, JobAttempt attempt) {
		return Arrays.stream(this.method.getParameterTypes())
			.map((type) -> (type == JobAttempt.class) ? attempt : payload)
			.toArray();
	}

}
