package io.jobstarter.autoconfigure;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.diagnostics.FailureAnalysisReporter;

/**
 * Keeps what Spring Boot reports of a failed start in the thread that made it.
 */
class RecordingFailureReporter implements FailureAnalysisReporter {

	private static final ThreadLocal<FailureAnalysis> LAST = new ThreadLocal<>();

	@Override
	public void report(FailureAnalysis analysis) {
		LAST.set(analysis);
	}

	/**
	 * Takes the last report.
	 * @return the report, or {@code null} if there was none
	 */
	static @Nullable FailureAnalysis take() {
		FailureAnalysis analysis = LAST.get();
		LAST.remove();
		return analysis;
	}

}
