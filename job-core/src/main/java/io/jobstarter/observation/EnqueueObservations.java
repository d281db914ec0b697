package io.jobstarter.observation;

import java.util.Map;
import java.util.function.Function;
import java.util.function.UnaryOperator;

import io.jobstarter.observation.JobObservation.EnqueueDetail;
import io.jobstarter.observation.JobObservation.EnqueueKey;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationRegistry;
import io.micrometer.observation.transport.Kind;
import io.micrometer.observation.transport.SenderContext;
import org.jspecify.annotations.Nullable;

/**
 * Observes enqueues: one observation for each call, however many jobs it adds. Whatever
 * its handlers do changes nothing for the caller.
 */
public final class EnqueueObservations {

	/** Observes nothing. */
	public static final EnqueueObservations NONE = new EnqueueObservations(ObservationRegistry.NOOP,
			UnaryOperator.identity());

	private final ObservationRegistry registry;

	private final UnaryOperator<String> queueTag;

	/**
	 * Makes observations.
	 * @param registry where they go
	 * @param queueTag says under which of few names a queue is shown
	 */
	public EnqueueObservations(ObservationRegistry registry, UnaryOperator<String> queueTag) {
		this.registry = registry;
		this.queueTag = queueTag;
	}

	/**
	 * Enqueues, and observes it. While it does, the observation is the current one: the
	 * context that the jobs take along is captured then, and its span is their parent.
	 * @param <T> the type of the result
	 * @param name the name of the job, or {@code null} if there may be several
	 * @param enqueue enqueues, and tells what
	 * @return its result
	 */
	public <T> T observe(@Nullable String name, Function<Enqueuing, T> enqueue) {
		SafeObservation observation = SafeObservation.start(this.registry, () -> observationOf(name));
		if (observation == null) {
			return enqueue.apply(Enqueuing.UNOBSERVED);
		}
		Enqueuing enqueuing = new Enqueuing(name);
		try {
			return enqueue.apply(enqueuing);
		}
		catch (Throwable ex) {
			observation.tell((observed) -> observed.error(ex));
			throw ex;
		}
		finally {
			observation.tell((observed) -> end(observed, enqueuing));
			observation.stop();
		}
	}

	private Observation observationOf(@Nullable String name) {
		return Observation
			.createNotStarted(JobObservation.ENQUEUE.getName(), EnqueueObservations::context, this.registry)
			.lowCardinalityKeyValue(EnqueueKey.JOB_NAME.asString(), (name != null) ? name : Enqueuing.SEVERAL);
	}

	// A producer's span. The headers are written by whatever captures the context of the
	// thread, which the span is a part of by then: so there is one way for them, with a
	// span and without.
	private static Observation.Context context() {
		SenderContext<Map<String, String>> context = new SenderContext<>((headers, name, value) -> {
		}, Kind.PRODUCER);
		context.setCarrier(Map.of());
		return context;
	}

	private void end(Observation observation, Enqueuing enqueuing) {
		String name = enqueuing.name();
		observation.contextualName("enqueue " + (name.equals(Enqueuing.SEVERAL) ? "jobs" : name))
			.lowCardinalityKeyValue(EnqueueKey.JOB_NAME.asString(), name)
			.lowCardinalityKeyValue(EnqueueKey.QUEUE.asString(),
					enqueuing.isOfOneQueue() ? this.queueTag.apply(enqueuing.queue()) : enqueuing.queue())
			.highCardinalityKeyValue(EnqueueDetail.JOB_COUNT.asString(), Long.toString(enqueuing.count()));
		if (enqueuing.id() != null) {
			observation.highCardinalityKeyValue(EnqueueDetail.JOB_ID.asString(), enqueuing.id().toString());
		}
	}

}
