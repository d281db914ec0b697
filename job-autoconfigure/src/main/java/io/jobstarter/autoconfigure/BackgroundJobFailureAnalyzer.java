package io.jobstarter.autoconfigure;

import io.jobstarter.BackgroundJobException;
import io.jobstarter.handler.InvalidHandlerException;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/**
 * Says in plain words why the start was stopped, and what to do.
 */
class BackgroundJobFailureAnalyzer extends AbstractFailureAnalyzer<BackgroundJobException> {

	@Override
	protected @Nullable FailureAnalysis analyze(Throwable rootFailure, BackgroundJobException cause) {
		if (cause instanceof InvalidSettingException setting) {
			return new FailureAnalysis(setting.getMessage() + ".", setting.remedy(), cause);
		}
		if (cause instanceof InvalidHandlerException handler) {
			return new FailureAnalysis(handler.problem() + ".", handler.remedy() + ".", cause);
		}
		if (cause instanceof MissingSchemaException schema) {
			return new FailureAnalysis(schema.getMessage(), schema.remedy(), cause);
		}
		return new FailureAnalysis(String.valueOf(cause.getMessage()), "Correct what the message names.", cause);
	}

}
