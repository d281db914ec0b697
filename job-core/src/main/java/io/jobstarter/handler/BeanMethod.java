package io.jobstarter.handler;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.function.Function;

import org.jspecify.annotations.Nullable;
import org.springframework.aop.support.AopUtils;
import org.springframework.beans.factory.config.ConfigurableBeanFactory;
import org.springframework.util.ReflectionUtils;

/**
 * A method of a bean, called on its proxy if it has one.
 *
 * @param beanFactory has the bean
 * @param beanName the bean's name
 * @param method the method
 * @param source the method's name in messages
 */
record BeanMethod(ConfigurableBeanFactory beanFactory, String beanName, Method method, String source) {

	/**
	 * Calls the method.
	 * @param argument gives the argument for a parameter's type
	 * @throws Exception what the method threw, not wrapped
	 */
	void call(Function<Class<?>, @Nullable Object> argument) throws Exception {
		Object bean = this.beanFactory.getBean(this.beanName);
		Method invocable = AopUtils.selectInvocableMethod(this.method, bean.getClass());
		ReflectionUtils.makeAccessible(invocable);
		try {
			invocable.invoke(bean, Arrays.stream(this.method.getParameterTypes()).map(argument).toArray());
		}
		catch (InvocationTargetException ex) {
			ReflectionUtils.rethrowException(ex.getTargetException());
		}
	}

	/**
	 * Checks that a proxy of the bean lets calls through. A bean that is not there yet is
	 * not created for this.
	 */
	void verify() {
		boolean there = this.beanFactory.containsSingleton(this.beanName)
				&& !this.beanFactory.isFactoryBean(this.beanName);
		Object bean = there ? this.beanFactory.getSingleton(this.beanName) : null;
		if (bean != null) {
			HandlerChecks.requireReachable(this.method, bean, this.source);
		}
	}

}
