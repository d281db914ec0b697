package io.jobstarter.autoconfigure;

import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

import io.jobstarter.autoconfigure.BackgroundJobProperties.Threads;

import org.springframework.beans.factory.DisposableBean;
import org.springframework.core.env.Environment;
import org.springframework.core.task.SimpleAsyncTaskExecutor;
import org.springframework.scheduling.concurrent.CustomizableThreadFactory;

/**
 * The threads that jobs run in: as many as there are slots, for the slots bound them. Not
 * an {@link Executor} bean, which would switch off Spring Boot's own.
 */
final class WorkerThreads implements DisposableBean {

	private static final String NAME_PREFIX = "background-jobs-";

	private static final int FIRST_JAVA_WITH_VIRTUAL_THREADS = 21;

	private static final long IDLE_SECONDS = 60;

	private final Executor executor;

	private final boolean virtual;

	private WorkerThreads(Executor executor, boolean virtual) {
		this.executor = executor;
		this.virtual = virtual;
	}

	static WorkerThreads of(Threads threads, Environment environment) {
		boolean possible = Runtime.version().feature() >= FIRST_JAVA_WITH_VIRTUAL_THREADS;
		if (threads == Threads.VIRTUAL && !possible) {
			throw new InvalidSettingException("background-jobs.worker.threads", "virtual",
					"this is Java " + Runtime.version().feature(), "Use Java 21 or later, or 'auto'.");
		}
		boolean wanted = threads == Threads.VIRTUAL || (threads == Threads.AUTO
				&& environment.getProperty("spring.threads.virtual.enabled", Boolean.class, false));
		boolean virtual = wanted && possible;
		return new WorkerThreads(virtual ? virtual() : platform(), virtual);
	}

	Executor executor() {
		return this.executor;
	}

	boolean areVirtual() {
		return this.virtual;
	}

	@Override
	public void destroy() {
		if (this.executor instanceof ExecutorService pool) {
			pool.shutdown();
		}
	}

	private static Executor virtual() {
		SimpleAsyncTaskExecutor executor = new SimpleAsyncTaskExecutor(NAME_PREFIX);
		executor.setVirtualThreads(true);
		return executor;
	}

	private static Executor platform() {
		CustomizableThreadFactory factory = new CustomizableThreadFactory(NAME_PREFIX);
		// A body that does not end must not keep a stopped application alive.
		factory.setDaemon(true);
		return new ThreadPoolExecutor(0, Integer.MAX_VALUE, IDLE_SECONDS, TimeUnit.SECONDS, new SynchronousQueue<>(),
				factory);
	}

}
