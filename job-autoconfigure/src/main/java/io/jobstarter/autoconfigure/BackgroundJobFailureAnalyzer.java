package io.jobstarter.autoconfigure;

import io.jobstarter.BackgroundJobException;
import io.jobstarter.handler.InvalidHandlerException;
import io.jobstarter.store.jdbc.UnsupportedDatabaseException;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/**
 * Says in plain words why the start was stopped, and what to do.
 */
class BackgroundJobFailureAnalyzer extends AbstractFailureAnalyzer<BackgroundJobException> {

	@Override
	protected @Nullable FailureAnalysis analyze(Throwable rootFailure, BackgroundJobException cause) {
		if (cause instanceof StartFailure failure) {
			return new FailureAnalysis(failure.getMessage() + ".", failure.remedy(), cause);
		}
		if (cause instanceof InvalidHandlerException handler) {
			return new FailureAnalysis(handler.problem() + ".", handler.remedy() + ".", cause);
		}
		if (cause instanceof UnsupportedDatabaseException database) {
			return new FailureAnalysis(database.getMessage() + ".",
					"Use a data source of one of these, or set background-jobs.enabled to 'false'.", cause);
		}
		// Thrown by the application's own use of jobs: a stack trace says more.
		return null;
	}

}
