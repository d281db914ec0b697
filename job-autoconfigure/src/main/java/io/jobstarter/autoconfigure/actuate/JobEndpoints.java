package io.jobstarter.autoconfigure.actuate;

import java.util.Set;
import java.util.stream.Collectors;

import org.springframework.boot.actuate.endpoint.EndpointId;
import org.springframework.boot.actuate.endpoint.OperationType;
import org.springframework.boot.actuate.endpoint.SecurityContext;
import org.springframework.boot.actuate.endpoint.invoke.OperationInvoker;
import org.springframework.boot.actuate.endpoint.invoke.OperationInvokerAdvisor;
import org.springframework.boot.actuate.endpoint.invoke.OperationParameter;
import org.springframework.boot.actuate.endpoint.invoke.OperationParameters;

/**
 * Lets the endpoints of background jobs refuse parameters that there are not, and answer
 * with what was wrong.
 */
final class JobEndpoints implements OperationInvokerAdvisor {

	private static final Set<EndpointId> OURS = Set.of(EndpointId.of("jobs"), EndpointId.of("deadletters"),
			EndpointId.of("jobqueues"), EndpointId.of("jobworkers"), EndpointId.of("jobbreakers"),
			EndpointId.of("recurringjobs"), EndpointId.of("joblimits"));

	@Override
	public OperationInvoker apply(EndpointId endpoint, OperationType operation, OperationParameters parameters,
			OperationInvoker invoker) {
		return OURS.contains(endpoint)
				? new JobEndpointInvoker(names(parameters), operation == OperationType.WRITE, invoker) : invoker;
	}

	private static Set<String> names(OperationParameters parameters) {
		return parameters.stream()
			.filter((parameter) -> parameter.getType() != SecurityContext.class)
			.map(OperationParameter::getName)
			.collect(Collectors.toUnmodifiableSet());
	}

}
