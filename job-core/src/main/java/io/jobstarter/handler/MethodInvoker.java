package io.jobstarter.handler;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.Arrays;

import io.jobstarter.JobAttempt;
import org.jspecify.annotations.Nullable;
import org.springframework.aop.support.AopUtils;
import org.springframework.beans.factory.BeanFactory;
import org.springframework.util.ReflectionUtils;

/**
 * Calls a method of a bean, or of its proxy.
 */
final class MethodInvoker implements JobInvoker {

	private final BeanFactory beanFactory;

	private final String beanName;

	private final Method method;

	MethodInvoker(BeanFactory beanFactory, String beanName, Method method) {
		this.beanFactory = beanFactory;
		this.beanName = beanName;
		this.method = method;
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

	private @Nullable Object[] arguments(@Nullable Object payload, JobAttempt attempt) {
		return Arrays.stream(this.method.getParameterTypes())
			.map((type) -> (type == JobAttempt.class) ? attempt : payload)
			.toArray();
	}

}
