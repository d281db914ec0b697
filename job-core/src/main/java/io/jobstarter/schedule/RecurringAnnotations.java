package io.jobstarter.schedule;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;

import io.jobstarter.BackgroundJobException;
import io.jobstarter.Recurring;
import io.jobstarter.RecurringRequest.Options;
import io.jobstarter.RecurringSource;
import io.jobstarter.handler.HandlerRegistry;
import io.jobstarter.handler.InvalidHandlerException;
import io.jobstarter.handler.JobDefinition;
import io.jobstarter.support.Durations;

/**
 * Reads the {@link Recurring} annotations of handlers.
 */
public final class RecurringAnnotations {

	private final HandlerRegistry handlers;

	private final RecurringDefinitions definitions;

	private final UnaryOperator<String> placeholders;

	/**
	 * Makes a reader.
	 * @param handlers the handlers
	 * @param definitions makes recurring jobs
	 * @param placeholders resolves placeholders
	 */
	public RecurringAnnotations(HandlerRegistry handlers, RecurringDefinitions definitions,
			UnaryOperator<String> placeholders) {
		this.handlers = handlers;
		this.definitions = definitions;
		this.placeholders = placeholders;
	}

	/**
	 * Reads them.
	 * @return what they declare
	 * @throws InvalidHandlerException if one of them cannot work
	 */
	public List<DeclaredJob> read() {
		List<DeclaredJob> declared = new ArrayList<>();
		for (JobDefinition handler : this.handlers.definitions()) {
			handler.recurring().forEach((annotation) -> declared.add(read(handler, annotation)));
		}
		return declared;
	}

	private DeclaredJob read(JobDefinition handler, Recurring annotation) {
		try {
			return new DeclaredJob(this.definitions.create(spec(handler, annotation)), RecurringSource.CODE);
		}
		catch (BackgroundJobException ex) {
			throw new InvalidHandlerException(
					"The @Recurring of " + handler.source() + " is not valid: " + ex.getMessage(),
					"Correct the annotation; docs/recurring-jobs.md tells what a schedule may look like");
		}
	}

	private RecurringSpec spec(JobDefinition handler, Recurring annotation) {
		String id = resolve(annotation.id());
		String description = resolve(annotation.description());
		String jitter = resolve(annotation.jitter());
		String catchUp = resolve(annotation.catchUp());
		return new RecurringSpec(id.isEmpty() ? handler.name() : id,
				RecurringSpec.scheduleOf(resolve(annotation.value()), resolve(annotation.every())),
				resolve(annotation.zone()), handler.name(), resolve(annotation.payload()),
				new Options(null, null, description.isEmpty() ? null : description, annotation.misfire(),
						annotation.overlap(), jitter.isEmpty() ? Duration.ZERO : Durations.parse(jitter),
						catchUp.isEmpty() ? null : Durations.parse(catchUp)));
	}

	private String resolve(String text) {
		return this.placeholders.apply(text);
	}

}
