package io.jobstarter.autoconfigure.actuate;

import java.util.Collection;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

import io.jobstarter.BackgroundJobException;
import io.jobstarter.IllegalJobStateException;
import io.jobstarter.IllegalRedriveStateException;
import io.jobstarter.InvalidJobException;
import io.jobstarter.InvalidPayloadException;
import io.jobstarter.JobNotFoundException;
import io.jobstarter.RecurringNotFoundException;
import io.jobstarter.RedriveNotFoundException;
import io.jobstarter.support.CleanText;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.actuate.endpoint.InvalidEndpointRequestException;
import org.springframework.boot.actuate.endpoint.InvocationContext;
import org.springframework.boot.actuate.endpoint.invoke.MissingParametersException;
import org.springframework.boot.actuate.endpoint.invoke.OperationInvoker;
import org.springframework.boot.actuate.endpoint.invoke.OperationParameter;
import org.springframework.boot.actuate.endpoint.invoke.ParameterMappingException;
import org.springframework.boot.actuate.endpoint.web.WebEndpointResponse;

/**
 * Invokes an operation, and turns what it throws into a status and a body that says why:
 * the server's own error page keeps that to itself unless it is told otherwise.
 */
final class JobEndpointInvoker implements OperationInvoker {

	private static final int CONFLICT = 409;

	private static final int MAX_NAME = 100;

	private static final String REASON = "why";

	private final Set<String> parameters;

	private final boolean changes;

	private final OperationInvoker invoker;

	JobEndpointInvoker(Set<String> parameters, boolean changes, OperationInvoker invoker) {
		this.parameters = parameters;
		this.changes = changes;
		this.invoker = invoker;
	}

	@Override
	public @Nullable Object invoke(InvocationContext context) {
		try {
			check(context.getArguments());
			checkPath(context.getArguments());
			return this.invoker.invoke(context);
		}
		catch (JobNotFoundException | RedriveNotFoundException | RecurringNotFoundException | NotThereException ex) {
			return problem(WebEndpointResponse.STATUS_NOT_FOUND, ex);
		}
		catch (IllegalJobStateException | IllegalRedriveStateException ex) {
			return problem(CONFLICT, ex);
		}
		catch (InvalidJobException | InvalidPayloadException ex) {
			return problem(WebEndpointResponse.STATUS_BAD_REQUEST, ex);
		}
		catch (MissingParametersException ex) {
			return badRequest("Missing: " + missing(ex));
		}
		catch (ParameterMappingException ex) {
			return badRequest("The parameter " + ex.getParameter().getName() + " has another type");
		}
		catch (InvalidEndpointRequestException ex) {
			return badRequest(String.valueOf(ex.getReason()));
		}
	}

	// One that is misspelt would select more than was meant.
	private void check(Map<String, Object> arguments) {
		arguments.forEach((name, value) -> {
			// JMX passes the security context as nothing.
			if (value != null && !this.parameters.contains(name)) {
				throw new InvalidJobException("There is no parameter '" + CleanText.printable(name, MAX_NAME)
						+ "' here, but " + new TreeSet<>(this.parameters));
			}
			if (value instanceof Collection<?>) {
				throw new InvalidJobException("The parameter " + name + " is given more than once");
			}
			// An empty filter would be none, and an empty dryRun no dry run.
			if (this.changes && value instanceof String text && text.isBlank() && !REASON.equals(name)) {
				throw new InvalidJobException("The parameter " + name + " is empty");
			}
		});
	}

	private static void checkPath(Map<String, Object> arguments) {
		PathVariables.present().forEach((name, value) -> {
			if (!value.equals(arguments.getOrDefault(String.valueOf(name), value))) {
				throw new InvalidJobException(
						"The parameter " + name + " stands in the path, and is something else there");
			}
		});
	}

	private static String missing(MissingParametersException ex) {
		return ex.getMissingParameters().stream().map(OperationParameter::getName).collect(Collectors.joining(", "));
	}

	private static WebEndpointResponse<ProblemView> badRequest(String why) {
		return new WebEndpointResponse<>(new ProblemView(why), WebEndpointResponse.STATUS_BAD_REQUEST);
	}

	private static WebEndpointResponse<ProblemView> problem(int status, BackgroundJobException ex) {
		return new WebEndpointResponse<>(new ProblemView(String.valueOf(ex.getMessage())), status);
	}

}
