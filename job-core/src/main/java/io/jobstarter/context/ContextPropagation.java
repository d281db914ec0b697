package io.jobstarter.context;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

import io.jobstarter.InvalidJobException;
import io.jobstarter.JobContextException;
import io.jobstarter.JobContextPropagator;
import io.jobstarter.JobContextPropagator.Scope;
import io.jobstarter.support.AttemptDetails;
import io.jobstarter.support.CleanText;
import io.jobstarter.support.JobLogFields;
import io.jobstarter.support.LoggedError;
import io.jobstarter.support.Names;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

/**
 * Applies all propagators: in their order at the enqueue and before an attempt, in the
 * reverse order after it.
 */
public final class ContextPropagation {

	/** Propagates nothing. */
	public static final ContextPropagation NONE = new ContextPropagation(List.of());

	/** Beside those that the caller of the enqueue gives. */
	private static final int MAX_HEADERS = 50;

	private static final int MAX_MESSAGE = 500;

	private static final Log logger = LogFactory.getLog(ContextPropagation.class);

	private final List<JobContextPropagator> propagators;

	private final JobLogFields logFields;

	private final Set<String> reported = ConcurrentHashMap.newKeySet();

	/**
	 * Makes a propagation.
	 * @param propagators the propagators, in their order
	 */
	public ContextPropagation(List<? extends JobContextPropagator> propagators) {
		this(propagators, JobLogFields.NONE);
	}

	/**
	 * Makes a propagation.
	 * @param propagators the propagators, in their order
	 * @param logFields names jobs in what their threads log
	 */
	public ContextPropagation(List<? extends JobContextPropagator> propagators, JobLogFields logFields) {
		this.propagators = List.copyOf(propagators);
		this.logFields = logFields;
	}

	/**
	 * Captures the context of the calling thread. A broken propagator does not cost the
	 * caller its transaction: its headers are missing, and the log says so once.
	 * @return the headers that carry the context, each within the bounds of headers
	 */
	public Map<String, String> capture() {
		Map<String, String> headers = new LinkedHashMap<>();
		for (JobContextPropagator propagator : this.propagators) {
			capture(propagator).forEach((name, value) -> {
				if (headers.size() < MAX_HEADERS || headers.containsKey(name)) {
					headers.put(name, value);
				}
				else {
					report(propagator, "Jobs are enqueued without the header '" + name + "' of " + nameOf(propagator)
							+ ": a job carries at most " + MAX_HEADERS + " headers of its context", null);
				}
			});
		}
		return headers;
	}

	private Map<String, String> capture(JobContextPropagator propagator) {
		Map<String, String> headers = new LinkedHashMap<>();
		try {
			propagator.capture((name, value) -> add(propagator, headers, name, value));
			return headers;
		}
		catch (Throwable ex) {
			report(propagator,
					"Jobs are enqueued without the context of " + nameOf(propagator) + ", which failed to capture it",
					ex);
			return Map.of();
		}
	}

	private void add(JobContextPropagator propagator, Map<String, String> headers, String name,
			@Nullable String value) {
		if (value == null) {
			return;
		}
		try {
			headers.put(Names.header(name), Names.headerValue(value));
		}
		catch (InvalidJobException ex) {
			report(propagator, "Jobs are enqueued without the header '" + CleanText.printable(name, 100) + "' of "
					+ nameOf(propagator) + ": " + ex.getMessage(), null);
		}
	}

	/**
	 * Names the job in what other threads than that of its attempt log about it.
	 * @return what does so
	 */
	public JobLogFields logFields() {
		return this.logFields;
	}

	/**
	 * Restores in the calling thread what was captured, and names the attempt in what the
	 * thread logs.
	 * @param headers the headers of the job
	 * @param attempt the attempt
	 * @return what clears the thread again; throws nothing
	 * @throws JobContextException if a propagator cannot restore its part; nothing of
	 * what the others restored is left then
	 */
	public Scope restore(Map<String, String> headers, AttemptDetails attempt) {
		Scope context = restore(headers);
		Scope fields = this.logFields.put(attempt);
		return () -> {
			fields.close();
			context.close();
		};
	}

	/**
	 * Restores in the calling thread what was captured.
	 * @param headers the headers of the job
	 * @return what clears the thread again; throws nothing
	 * @throws JobContextException if a propagator cannot restore its part; nothing of
	 * what the others restored is left then
	 */
	public Scope restore(Map<String, String> headers) {
		if (this.propagators.isEmpty()) {
			return Scope.NONE;
		}
		Deque<Restored> restored = new ArrayDeque<>(this.propagators.size());
		for (JobContextPropagator propagator : this.propagators) {
			try {
				Scope scope = Objects.requireNonNull(propagator.restore(headers), "it returned no scope");
				restored.push(new Restored(propagator, scope));
			}
			catch (Throwable ex) {
				restored.forEach(Restored::close);
				throw new JobContextException("The context of the job could not be restored by " + nameOf(propagator)
						+ ": " + CleanText.oneLine(ex, MAX_MESSAGE), ex);
			}
		}
		return () -> restored.forEach(Restored::close);
	}

	// Once for each kind of trouble: a job a millisecond would fill the disk.
	private void report(JobContextPropagator propagator, String message, @Nullable Throwable error) {
		String kind = (error != null) ? error.getClass().getName() : "header";
		Throwable logged = (error != null) ? LoggedError.of(error) : null;
		if (this.reported.add(nameOf(propagator) + " " + kind)) {
			logger.warn(message, logged);
		}
		else {
			logger.debug(message, logged);
		}
	}

	private static String nameOf(JobContextPropagator propagator) {
		return propagator.getClass().getName();
	}

	/**
	 * What one propagator restored.
	 *
	 * @param propagator the propagator
	 * @param scope what clears it
	 */
	private record Restored(JobContextPropagator propagator, Scope scope) {

		void close() {
			try {
				this.scope.close();
			}
			catch (Throwable ex) {
				logger.warn("What " + nameOf(this.propagator) + " restored for a job may be left in its thread",
						LoggedError.of(ex));
			}
		}

	}

}
