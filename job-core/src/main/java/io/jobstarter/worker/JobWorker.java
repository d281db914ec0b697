package io.jobstarter.worker;

import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

import io.jobstarter.store.Lane;
import io.jobstarter.store.WakeUp;
import io.jobstarter.support.CleanText;
import org.jspecify.annotations.Nullable;
import org.springframework.context.SmartLifecycle;

/**
 * The worker of a node, as Spring starts and stops it. It stops beside the web server's
 * graceful shutdown, in the same phase, so that requests and jobs end at the same time.
 */
public final class JobWorker implements SmartLifecycle, WakeUp {

	/** The phase of Spring Boot's graceful shutdown of the web server. */
	public static final int PHASE = SmartLifecycle.DEFAULT_PHASE - 1024;

	private static final int MAX_APPLICATION = 200;

	private final Supplier<WorkerRuntime> runtimes;

	private volatile @Nullable WorkerRuntime runtime;

	private volatile boolean announced;

	private volatile BooleanSupplier autoStartup = () -> true;

	private volatile Runnable preparation = () -> {
	};

	/**
	 * Makes a worker.
	 * @param settings its settings
	 * @param dependencies what it works with
	 * @param application what the application calls itself, and its version, for people;
	 * at most {@value #MAX_APPLICATION} characters of it are kept
	 */
	public JobWorker(WorkerSettings settings, WorkerDependencies dependencies, @Nullable String application) {
		String name = (application != null) ? CleanText.printable(application, MAX_APPLICATION) : null;
		this.runtimes = () -> new WorkerRuntime(settings, dependencies, name, () -> this.preparation.run());
	}

	/**
	 * Sets what a node does when it has a lease and before it claims its first job: were
	 * it left to periodic duties, nodes whose first jobs end their processes would never
	 * come to it.
	 * @param preparation run once after each start
	 */
	public void prepareBy(Runnable preparation) {
		this.preparation = preparation;
	}

	/**
	 * Says who this node is, for people.
	 * @return its host and its process
	 */
	public static String nodeName() {
		return NodeName.host() + ", process " + ProcessHandle.current().pid();
	}

	@Override
	public void ready(Lane lane) {
		WorkerRuntime runtime = this.runtime;
		if (runtime != null) {
			runtime.ready(lane);
		}
	}

	@Override
	public void circuitsChanged() {
		WorkerRuntime runtime = this.runtime;
		if (runtime != null) {
			runtime.circuitsChanged();
		}
	}

	@Override
	public void announced(boolean arrives) {
		this.announced = arrives;
		WorkerRuntime runtime = this.runtime;
		if (runtime != null) {
			runtime.announced(arrives);
		}
	}

	/**
	 * Tells how the worker does.
	 * @return its health; a worker that does not run has no threads and no lease
	 */
	public WorkerHealth health() {
		WorkerRuntime runtime = this.runtime;
		return (runtime != null) ? runtime.health() : WorkerHealth.NOT_RUNNING;
	}

	@Override
	public synchronized void start() {
		if (this.runtime == null) {
			WorkerRuntime runtime = this.runtimes.get();
			runtime.start();
			this.runtime = runtime;
			// After it can be heard of, so that no change in between is missed.
			runtime.announced(this.announced);
		}
	}

	@Override
	public void stop(Runnable callback) {
		Thread thread = new Thread(() -> {
			try {
				stop();
			}
			finally {
				callback.run();
			}
		}, "background-jobs-shutdown");
		thread.start();
	}

	@Override
	public synchronized void stop() {
		WorkerRuntime runtime = this.runtime;
		if (runtime != null) {
			runtime.stop();
			this.runtime = null;
		}
	}

	/**
	 * Says when Spring is to start this by itself.
	 * @param autoStartup asked when the application context has been refreshed; without
	 * it, always
	 */
	public void autoStartupIf(BooleanSupplier autoStartup) {
		this.autoStartup = autoStartup;
	}

	@Override
	public boolean isAutoStartup() {
		return this.autoStartup.getAsBoolean();
	}

	@Override
	public boolean isRunning() {
		return this.runtime != null;
	}

	@Override
	public int getPhase() {
		return PHASE;
	}

}
