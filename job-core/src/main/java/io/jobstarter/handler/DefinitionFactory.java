package io.jobstarter.handler;

import java.lang.reflect.AnnotatedElement;
import java.lang.reflect.Method;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

import io.jobstarter.BackgroundJob;
import io.jobstarter.DiscardOn;
import io.jobstarter.InvalidJobException;
import io.jobstarter.JobAttempt;
import io.jobstarter.JobHandler;
import io.jobstarter.Recurring;
import io.jobstarter.RetryOn;
import io.jobstarter.support.Durations;
import io.jobstarter.support.Names;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.config.BeanDefinition;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.beans.factory.support.RootBeanDefinition;
import org.springframework.core.ResolvableType;
import org.springframework.core.annotation.AnnotatedElementUtils;
import org.springframework.util.ClassUtils;

/**
 * Turns a declaration into a definition, its settings resolved: the configuration goes
 * before the annotation, and that before the defaults.
 */
final class DefinitionFactory {

	/** A transaction that never ends harms everybody who shares the database. */
	private static final Duration TRANSACTION_TIMEOUT = Duration.ofSeconds(60);

	private static final Method HANDLE = ClassUtils.getMethod(JobHandler.class, "handle", Object.class,
			JobAttempt.class);

	private static final Duration LONGEST_TIMEOUT = Duration.ofDays(365);

	private final ConfigurableListableBeanFactory beanFactory;

	private final JobDefaults defaults;

	private final Map<String, JobOverrides> overrides;

	private final Map<String, Integer> limits;

	private final RulesFactory rules;

	DefinitionFactory(ConfigurableListableBeanFactory beanFactory, JobDefaults defaults,
			Map<String, JobOverrides> overrides, LimitSettings limits) {
		this.beanFactory = beanFactory;
		this.defaults = defaults;
		this.overrides = overrides;
		this.limits = limits.permits();
		this.rules = new RulesFactory(this::resolve, limits);
	}

	JobDefinition ofBean(String beanName, Class<?> type, BackgroundJob annotation) {
		String source = sourceOf(beanName, type);
		HandlerChecks.requireScope(this.beanFactory.getMergedBeanDefinition(beanName), source);
		HandlerChecks.requireNotAsync(type, source);
		HandlerChecks.requireNotAsync(ClassUtils.getMostSpecificMethod(HANDLE, type), source);
		Class<?> payloadType = HandlerChecks.requirePayloadType(payloadOf(beanName, type), source);
		return define(annotation, source, payloadType.getSimpleName(), payloadType, declaredOn(beanName, type),
				new BeanInvoker(this.beanFactory, beanName));
	}

	JobDefinition ofMethod(String beanName, Class<?> type, Method method, BackgroundJob annotation,
			CallbackMethods callbacks) {
		String source = type.getName() + "." + method.getName() + "()";
		HandlerChecks.requireScope(this.beanFactory.getMergedBeanDefinition(beanName), source);
		HandlerChecks.requireCallable(method, type, source);
		Class<?> payloadType = payloadOf(method, type, source);
		String simpleName = (payloadType != null) ? payloadType.getSimpleName() : method.getName();
		return define(annotation, source, simpleName, payloadType, List.of(method),
				new MethodInvoker(new BeanMethod(this.beanFactory, beanName, method, source),
						callbacks.of(this.beanFactory, beanName, payloadType)));
	}

	void checkOverrides(HandlerRegistry registry) {
		for (String name : this.overrides.keySet()) {
			registry.byName(name)
				.ifPresentOrElse((definition) -> DeclarationChecks.requireCurrentName(name, definition.name()),
						() -> DeclarationChecks.requireNotMisspelled(name, registry.names()));
		}
		this.limits.keySet()
			.stream()
			.filter((name) -> !registry.limits().containsKey(name))
			.forEach((name) -> DeclarationChecks.requireKnownLimit(name, registry.limits().keySet()));
	}

	private JobDefinition define(BackgroundJob annotation, String source, String simpleName,
			@Nullable Class<?> payloadType, List<? extends AnnotatedElement> declaredOn, JobInvoker invoker) {
		try {
			String name = name(annotation, simpleName, source);
			JobOverrides override = this.overrides.getOrDefault(name, JobOverrides.NONE);
			return new JobDefinition(name, aliases(annotation), source, payloadType,
					queue(annotation, override, payloadType), priority(annotation, override),
					timeout(annotation, override), annotation.transactional(),
					(override.deadLetter() != null) ? override.deadLetter() : annotation.deadLetter(),
					declaredOn.stream().flatMap(DefinitionFactory::retryOn).distinct().toList(),
					declaredOn.stream().flatMap(DefinitionFactory::discardOn).distinct().toList(),
					this.rules.withoutSecrets(PolicyNames.of(annotation, override.policies(), this::resolve,
							this.defaults.retry(), payloadType), payloadType),
					invoker, declaredOn.stream().flatMap(DefinitionFactory::recurring).distinct().toList(),
					this.rules.rules(annotation, declaredOn, name, override.unique(), payloadType));
		}
		catch (InvalidJobException | IllegalArgumentException ex) {
			throw new InvalidHandlerException("The @BackgroundJob of " + source + " is not valid: " + ex.getMessage(),
					"Correct the annotation, or what the configuration says about this job");
		}
	}

	private String name(BackgroundJob annotation, String simpleName, String source) {
		String declared = resolve(annotation.name());
		if (!declared.isEmpty()) {
			return Names.job(declared);
		}
		try {
			return Names.job(Names.kebabCase(simpleName));
		}
		catch (InvalidJobException ex) {
			throw new InvalidHandlerException("The @BackgroundJob of " + source + " has no name, and '" + simpleName
					+ "' makes none: " + ex.getMessage(), "Give it one, as in @BackgroundJob(name = \"send-mail\")");
		}
	}

	// The bean's class and, where a @Bean method makes it, that method: of a lambda only
	// the method can be annotated.
	private List<AnnotatedElement> declaredOn(String beanName, Class<?> type) {
		Method beanMethod = beanMethodOf(beanName);
		return (beanMethod != null) ? List.of(type, beanMethod) : List.of(type);
	}

	// Nobody has named the class of a lambda.
	private String sourceOf(String beanName, Class<?> type) {
		Method beanMethod = beanMethodOf(beanName);
		boolean anonymous = type.isInterface() || type.isHidden() || type.isSynthetic();
		return (anonymous && beanMethod != null)
				? beanMethod.getDeclaringClass().getName() + "." + beanMethod.getName() + "()" : type.getName();
	}

	private @Nullable Method beanMethodOf(String beanName) {
		BeanDefinition definition = this.beanFactory.getMergedBeanDefinition(beanName);
		return (definition instanceof RootBeanDefinition root) ? root.getResolvedFactoryMethod() : null;
	}

	private static Stream<RetryOn> retryOn(AnnotatedElement element) {
		DeclarationChecks.requireOneRuleForEach(element);
		return AnnotatedElementUtils.findMergedRepeatableAnnotations(element, RetryOn.class).stream();
	}

	private static Stream<DiscardOn> discardOn(AnnotatedElement element) {
		return AnnotatedElementUtils.findAllMergedAnnotations(element, DiscardOn.class).stream();
	}

	private static Stream<Recurring> recurring(AnnotatedElement element) {
		return AnnotatedElementUtils.findMergedRepeatableAnnotations(element, Recurring.class).stream();
	}

	private Set<String> aliases(BackgroundJob annotation) {
		Set<String> aliases = new LinkedHashSet<>();
		for (String alias : annotation.aliases()) {
			aliases.add(Names.job(resolve(alias)));
		}
		return aliases;
	}

	private JobQueue queue(BackgroundJob annotation, JobOverrides override, @Nullable Class<?> payloadType) {
		String declared = (override.queue() != null) ? override.queue() : resolve(annotation.queue());
		JobQueue queue = JobQueue.of(declared.isEmpty() ? this.defaults.queue() : declared);
		if (payloadType == null && !queue.isFixed()) {
			throw new InvalidJobException("The queue '" + queue + "' depends on a payload, but there is none");
		}
		return queue;
	}

	private static int priority(BackgroundJob annotation, JobOverrides override) {
		int priority = (override.priority() != null) ? override.priority() : annotation.priority();
		if (priority < Short.MIN_VALUE || priority > Short.MAX_VALUE) {
			throw new InvalidJobException("A priority is between -32768 and 32767, not " + priority);
		}
		return priority;
	}

	private @Nullable Duration timeout(BackgroundJob annotation, JobOverrides override) {
		String declared = resolve(annotation.timeout());
		Duration timeout = override.timeout();
		if (timeout == null) {
			timeout = declared.isEmpty() ? this.defaults.timeout() : Durations.parse(declared);
		}
		if (timeout == null && annotation.transactional()) {
			timeout = TRANSACTION_TIMEOUT;
		}
		if (timeout != null && (timeout.isNegative() || timeout.isZero() || timeout.compareTo(LONGEST_TIMEOUT) > 0)) {
			throw new InvalidJobException("A timeout is longer than 0 and at most 365 days, not " + timeout);
		}
		return timeout;
	}

	private String resolve(String value) {
		String resolved = this.beanFactory.resolveEmbeddedValue(value);
		return (resolved != null) ? resolved : "";
	}

	// A lambda's class says nothing, and that of a generic handler only a bound; the
	// @Bean
	// method that returns it says more. Of two answers the more specific one is right.
	private @Nullable Class<?> payloadOf(String beanName, Class<?> type) {
		Class<?> byClass = payloadOf(ResolvableType.forClass(type));
		Class<?> byDefinition = payloadOf(this.beanFactory.getMergedBeanDefinition(beanName).getResolvableType());
		boolean classSaysMore = byDefinition == null || (byClass != null && byDefinition.isAssignableFrom(byClass));
		return classSaysMore ? byClass : byDefinition;
	}

	private static @Nullable Class<?> payloadOf(ResolvableType handler) {
		return handler.as(JobHandler.class).getGeneric(0).resolve();
	}

	private static @Nullable Class<?> payloadOf(Method method, Class<?> type, String source) {
		List<Class<?>> payloads = new ArrayList<>();
		for (int i = 0; i < method.getParameterCount(); i++) {
			Class<?> parameter = ResolvableType.forMethodParameter(method, i, type).toClass();
			if (parameter != JobAttempt.class) {
				payloads.add(parameter);
			}
		}
		if (payloads.size() > 1 || method.getParameterCount() - payloads.size() > 1) {
			throw new InvalidHandlerException("The method " + source + " takes too many parameters",
					"A @BackgroundJob method takes one payload, or none, and optionally a JobAttempt");
		}
		return payloads.isEmpty() ? null : HandlerChecks.requirePayloadType(payloads.get(0), source);
	}

}
