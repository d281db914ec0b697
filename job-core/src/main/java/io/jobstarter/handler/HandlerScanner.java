package io.jobstarter.handler;

import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import io.jobstarter.BackgroundJob;
import io.jobstarter.JobHandler;
import org.jspecify.annotations.Nullable;
import org.springframework.aop.framework.autoproxy.AutoProxyUtils;
import org.springframework.aop.scope.ScopedProxyUtils;
import org.springframework.beans.factory.config.BeanDefinition;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.context.annotation.Bean;
import org.springframework.core.MethodIntrospector;
import org.springframework.core.annotation.AnnotatedElementUtils;
import org.springframework.core.annotation.AnnotationUtils;
import org.springframework.util.ClassUtils;

/**
 * Finds the {@link BackgroundJob} beans and bean methods of an application, without
 * creating a bean.
 */
public final class HandlerScanner {

	private final ConfigurableListableBeanFactory beanFactory;

	private final DefinitionFactory definitions;

	private final Map<String, Class<?>> scanned = new HashMap<>();

	/**
	 * Makes a scanner.
	 * @param beanFactory the application's beans
	 * @param defaults what holds for jobs that say nothing themselves
	 * @param overrides what the configuration says, by job name
	 */
	public HandlerScanner(ConfigurableListableBeanFactory beanFactory, JobDefaults defaults,
			Map<String, JobOverrides> overrides) {
		this(beanFactory, defaults, overrides, LimitSettings.NONE);
	}

	/**
	 * Makes a scanner.
	 * @param beanFactory the application's beans
	 * @param defaults what holds for jobs that say nothing themselves
	 * @param overrides what the configuration says, by job name
	 * @param limits what it says about limits
	 */
	public HandlerScanner(ConfigurableListableBeanFactory beanFactory, JobDefaults defaults,
			Map<String, JobOverrides> overrides, LimitSettings limits) {
		this.beanFactory = beanFactory;
		this.definitions = new DefinitionFactory(beanFactory, defaults, overrides, limits);
	}

	/**
	 * Finds the handlers.
	 * @return the handlers
	 * @throws InvalidHandlerException if one is declared in a way that cannot work, or
	 * the configuration names a job that none handles
	 */
	public HandlerRegistry scan() {
		List<JobDefinition> found = new ArrayList<>();
		for (String beanName : this.beanFactory.getBeanDefinitionNames()) {
			Class<?> type = targetClass(beanName);
			if (type != null) {
				this.scanned.put(beanName, type);
				scanBean(beanName, type, found);
			}
		}
		HandlerRegistry registry = new HandlerRegistry(found);
		this.definitions.checkOverrides(registry);
		return registry;
	}

	/**
	 * Checks what can only be seen once the singletons are there: that the proxies of
	 * handlers let calls through, and that no bean turned out to be a handler which its
	 * declaration does not tell.
	 * @param registry what {@link #scan()} found
	 * @throws InvalidHandlerException if a handler would not be called
	 */
	public void verify(HandlerRegistry registry) {
		for (String beanName : this.beanFactory.getBeanDefinitionNames()) {
			Class<?> type = targetClass(beanName);
			Class<?> declared = this.scanned.get(beanName);
			if (type != null && type != declared) {
				List<JobDefinition> found = new ArrayList<>();
				scanBean(beanName, type, found);
				found.forEach((handler) -> requireKnown(handler, beanName, declared, registry));
			}
		}
		registry.definitions().forEach((definition) -> definition.invoker().verify());
	}

	private static void requireKnown(JobDefinition handler, String beanName, @Nullable Class<?> declared,
			HandlerRegistry registry) {
		if (registry.byName(handler.name()).isEmpty()) {
			throw new InvalidHandlerException(
					"The handler " + handler.source() + " was not found in time: its bean '" + beanName
							+ "' is declared as " + ((declared != null) ? declared.getName() : "of any type"),
					"Declare the class itself where the bean is declared, as the return type of its @Bean method say: "
							+ "handlers are found before beans are created");
		}
	}

	private void scanBean(String beanName, Class<?> type, List<JobDefinition> found) {
		if (!AnnotationUtils.isCandidateClass(type, BackgroundJob.class)) {
			return;
		}
		Map<Method, BackgroundJob> methods = handlerMethods(type);
		BackgroundJob onBean = this.beanFactory.findAnnotationOnBean(beanName, BackgroundJob.class, false);
		if (onBean != null) {
			requireHandler(type, beanName, methods);
			if (JobHandler.class.isAssignableFrom(type)) {
				found.add(this.definitions.ofBean(beanName, type, onBean));
			}
		}
		CallbackMethods callbacks = CallbackMethods.of(type);
		List<JobDefinition> ofMethods = new ArrayList<>();
		methods.forEach((method, annotation) -> ofMethods
			.add(this.definitions.ofMethod(beanName, type, method, annotation, callbacks)));
		callbacks.requireHandlers(ofMethods);
		found.addAll(ofMethods);
	}

	private static void requireHandler(Class<?> type, String beanName, Map<Method, BackgroundJob> methods) {
		if (!JobHandler.class.isAssignableFrom(type) && methods.isEmpty()) {
			throw new InvalidHandlerException(
					"The bean '" + beanName + "' of " + type.getName()
							+ " is annotated with @BackgroundJob but handles nothing",
					"Implement JobHandler<P>, or put the annotation on a method that takes the payload");
		}
	}

	private static Map<Method, BackgroundJob> handlerMethods(Class<?> type) {
		return MethodIntrospector.selectMethods(type,
				(MethodIntrospector.MetadataLookup<BackgroundJob>) (
						method) -> AnnotatedElementUtils.hasAnnotation(method, Bean.class) ? null
								: AnnotatedElementUtils.findMergedAnnotation(method, BackgroundJob.class));
	}

	// Neither creates the bean nor a factory bean: a scan must not change who is created
	// when.
	private @Nullable Class<?> targetClass(String beanName) {
		if (ScopedProxyUtils.isScopedTarget(beanName)) {
			return null;
		}
		if (this.beanFactory.containsBeanDefinition(beanName)) {
			BeanDefinition definition = this.beanFactory.getMergedBeanDefinition(beanName);
			if (definition.isAbstract()) {
				return null;
			}
			Object original = definition.getAttribute(AutoProxyUtils.ORIGINAL_TARGET_CLASS_ATTRIBUTE);
			if (original instanceof Class<?> target) {
				return target;
			}
		}
		Class<?> type = this.beanFactory.getType(beanName, false);
		return (type != null) ? ClassUtils.getUserClass(type) : null;
	}

}
