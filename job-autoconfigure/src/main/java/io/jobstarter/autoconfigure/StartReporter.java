package io.jobstarter.autoconfigure;

import io.jobstarter.worker.JobWorker;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

import org.springframework.context.SmartLifecycle;

/**
 * Logs the {@link StartReport}, once, as soon as the worker has started.
 */
final class StartReporter implements SmartLifecycle {

	private static final Log logger = LogFactory.getLog(StartReporter.class);

	private final StartReport report;

	private final DatabaseState database;

	private volatile boolean written;

	StartReporter(StartReport report, DatabaseState database) {
		this.report = report;
		this.database = database;
	}

	@Override
	public boolean isAutoStartup() {
		return this.database.isReady();
	}

	@Override
	public synchronized void start() {
		if (!this.written && logger.isInfoEnabled()) {
			this.report.lines().forEach(logger::info);
		}
		this.written = true;
	}

	@Override
	public void stop() {
		// It has nothing to stop: what is written is written.
	}

	@Override
	public boolean isRunning() {
		return this.written;
	}

	@Override
	public int getPhase() {
		return JobWorker.PHASE + 1;
	}

}
