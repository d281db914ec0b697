package io.jobstarter.handler;

import java.lang.reflect.Method;
import java.util.HashSet;
import java.util.Set;
import java.util.stream.IntStream;

import io.jobstarter.BackgroundJob;
import io.jobstarter.DeadLetter;
import io.jobstarter.JobAttempt;
import io.jobstarter.JobFailure;
import io.jobstarter.JobHandler;
import io.jobstarter.JobOutcome;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.aot.BeanRegistrationAotContribution;
import org.springframework.beans.factory.aot.BeanRegistrationAotProcessor;
import org.springframework.beans.factory.support.RegisteredBean;
import org.springframework.context.annotation.Bean;
import org.springframework.core.MethodIntrospector;
import org.springframework.core.ResolvableType;
import org.springframework.core.annotation.AnnotatedElementUtils;
import org.springframework.core.annotation.AnnotationUtils;
import org.springframework.util.ClassUtils;
import org.springframework.util.ReflectionUtils.MethodFilter;

/**
 * Contributes the hints of a handler when an application is processed ahead of time. It
 * resolves nothing that an annotation says, and refuses nothing: the settings are those
 * of another time, and {@link HandlerScanner} decides at start, on the generated bean
 * definitions as on any other.
 */
class HandlerAotProcessor implements BeanRegistrationAotProcessor {

	private static final MethodFilter HANDLES = (
			method) -> (AnnotatedElementUtils.hasAnnotation(method, BackgroundJob.class)
					&& !AnnotatedElementUtils.hasAnnotation(method, Bean.class)) || CallbackMethods.isCallback(method);

	private static final Set<Class<?>> NO_PAYLOADS = Set.of(JobAttempt.class, JobOutcome.Discarded.class,
			DeadLetter.class, JobFailure.class);

	@Override
	public @Nullable BeanRegistrationAotContribution processAheadOfTime(RegisteredBean bean) {
		Class<?> made = bean.getBeanFactory().getType(bean.getBeanName(), false);
		Class<?> type = (made != null) ? ClassUtils.getUserClass(made) : null;
		if (type == null || !AnnotationUtils.isCandidateClass(type, BackgroundJob.class)) {
			return null;
		}
		Set<Method> methods = MethodIntrospector.selectMethods(type, HANDLES);
		Set<Class<?>> payloads = payloads(bean, type, methods);
		return payloads.isEmpty() && methods.isEmpty() ? null : (context,
				code) -> new HandlerHints(context.getRuntimeHints().reflection()).register(type, methods, payloads);
	}

	// What is no payload, such as the bound of a generic handler, does no harm.
	private static Set<Class<?>> payloads(RegisteredBean bean, Class<?> type, Set<Method> methods) {
		Set<Class<?>> payloads = new HashSet<>();
		if (bean.getBeanFactory().findAnnotationOnBean(bean.getBeanName(), BackgroundJob.class, false) != null) {
			addPayload(ResolvableType.forClass(type).as(JobHandler.class).getGeneric(0), payloads);
			addPayload(bean.getBeanType().as(JobHandler.class).getGeneric(0), payloads);
		}
		for (Method method : methods) {
			IntStream.range(0, method.getParameterCount())
				.mapToObj((index) -> ResolvableType.forMethodParameter(method, index, type))
				.forEach((parameter) -> addPayload(parameter, payloads));
		}
		return payloads;
	}

	private static void addPayload(ResolvableType type, Set<Class<?>> payloads) {
		Class<?> payload = type.resolve();
		if (payload != null && !NO_PAYLOADS.contains(payload)) {
			payloads.add(payload);
		}
	}

}
