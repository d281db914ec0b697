package io.jobstarter.worker;

import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

import io.jobstarter.DeadLetter;
import io.jobstarter.JobContextPropagator.Scope;
import io.jobstarter.JobEvent;
import io.jobstarter.context.ContextPropagation;
import io.jobstarter.execution.CallbackExecution;
import io.jobstarter.handler.HandlerRegistry;
import io.jobstarter.handler.JobDefinition;
import io.jobstarter.store.CallbackStore;
import io.jobstarter.store.CallbackStore.ClaimedCallback;
import io.jobstarter.support.CleanText;
import io.jobstarter.support.JobEventListener;
import io.jobstarter.support.LoggedError;
import io.jobstarter.support.SupervisedLoop;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

import org.springframework.context.SmartLifecycle;
import org.springframework.util.ReflectionUtils;

/**
 * Tells handlers of their dead letters, after these are committed: a few at a time, each
 * call by one node, again if it fails. Does nothing, not even start a thread, where no
 * handler wants to hear of any.
 */
public final class DeadLetterCallbacks implements SmartLifecycle, JobEventListener {

	private static final Log logger = LogFactory.getLog(DeadLetterCallbacks.class);

	/** After each failed call but the last. */
	private static final List<Duration> WAITS = List.of(Duration.ofSeconds(10), Duration.ofMinutes(1),
			Duration.ofMinutes(10), Duration.ofHours(1));

	private static final int TRIES = WAITS.size() + 1;

	private static final int AT_A_TIME = 4;

	/** After that time another node may call the handler. */
	private static final Duration LEASE = Duration.ofMinutes(5);

	private static final Duration TIMEOUT = Duration.ofMinutes(4);

	private static final Duration IDLE = Duration.ofSeconds(10);

	private static final Duration BUSY = Duration.ofSeconds(1);

	private static final Duration STOP = Duration.ofSeconds(3);

	private static final int MAX_ERROR = 1_000;

	private final CallbackStore store;

	private final HandlerRegistry handlers;

	private final CallbackExecution execution;

	private final ContextPropagation context;

	private final Executor executor;

	private final Duration maxBackoff;

	private final Set<Call> calls = new HashSet<>();

	private volatile Set<String> names = Set.of();

	private volatile boolean stopping;

	private volatile @Nullable SupervisedLoop loop;

	private volatile BooleanSupplier autoStartup = () -> true;

	/**
	 * Makes the callbacks.
	 * @param store hands out the letters
	 * @param handlers the handlers
	 * @param execution calls them
	 * @param context restores the context that jobs were enqueued in
	 * @param executor runs the calls
	 * @param maxBackoff the longest wait between two looks that fail
	 */
	public DeadLetterCallbacks(CallbackStore store, HandlerRegistry handlers, CallbackExecution execution,
			ContextPropagation context, Executor executor, Duration maxBackoff) {
		this.store = store;
		this.handlers = handlers;
		this.execution = execution;
		this.context = context;
		this.executor = executor;
		this.maxBackoff = maxBackoff;
	}

	/**
	 * Tells whether a handler wants to hear of its dead letters.
	 * @param definition the handler
	 * @return whether it does
	 */
	static boolean isWanted(JobDefinition definition) {
		return definition.invoker().callbacks().hearsOfDeath();
	}

	/**
	 * Tells whether somebody may want to hear of the dead letters of a job.
	 * @param handlers the handlers of this node
	 * @param name the job's name
	 * @return whether its handler does, or is not known here
	 */
	public static boolean isPerhapsWanted(HandlerRegistry handlers, String name) {
		return handlers.byName(name).map(DeadLetterCallbacks::isWanted).orElse(true);
	}

	@Override
	public synchronized void start() {
		this.names = this.handlers.names(DeadLetterCallbacks::isWanted);
		if (this.loop == null && !this.names.isEmpty()) {
			this.stopping = false;
			SupervisedLoop loop = new SupervisedLoop("background-jobs-callbacks", this.maxBackoff, this::look);
			loop.start();
			this.loop = loop;
		}
	}

	@Override
	public synchronized void stop() {
		SupervisedLoop loop = this.loop;
		if (loop != null) {
			this.stopping = true;
			loop.requestStop();
			loop.awaitStop(STOP);
			if (!awaitCalls()) {
				snapshot().forEach(Call::interrupt);
				awaitCalls();
			}
			this.loop = null;
		}
	}

	/**
	 * Tells how the thread does.
	 * @return its condition, or empty if it does not run
	 */
	public Optional<SupervisedLoop.Condition> condition() {
		return Optional.ofNullable(this.loop).map(SupervisedLoop::condition);
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
		return this.loop != null;
	}

	@Override
	public int getPhase() {
		return JobWorker.PHASE;
	}

	@Override
	public void hear(JobEvent event) {
		if (event instanceof JobEvent.DeadLettered && this.names.contains(event.name())) {
			wake();
		}
	}

	void wake() {
		SupervisedLoop loop = this.loop;
		if (loop != null) {
			loop.wake();
		}
	}

	private Duration look() throws Exception {
		snapshot().stream().filter(Call::isLate).forEach(Call::interruptLate);
		int free = AT_A_TIME - snapshot().size();
		if (free > 0) {
			beginAll(this.store.claim(this.names, LEASE, free));
		}
		return snapshot().isEmpty() ? IDLE : BUSY;
	}

	// What is claimed and not begun would have lost a try, and five minutes.
	private void beginAll(List<ClaimedCallback> claimed) throws Exception {
		Throwable failure = null;
		for (ClaimedCallback one : claimed) {
			try {
				begin(one);
			}
			catch (Throwable ex) {
				failure = (failure != null) ? failure : ex;
			}
		}
		if (failure != null) {
			ReflectionUtils.rethrowException(failure);
		}
	}

	private void begin(ClaimedCallback claimed) {
		if (claimed.tries() > TRIES) {
			this.store.giveUp(claimed, "The nodes that called it died, or it did not return");
			return;
		}
		Call call = new Call(claimed);
		synchronized (this.calls) {
			this.calls.add(call);
		}
		try {
			this.executor.execute(call);
		}
		catch (Throwable ex) {
			// An error, too: there may be no more threads.
			end(call);
			this.store.release(claimed);
			throw ex;
		}
	}

	private void end(Call call) {
		synchronized (this.calls) {
			this.calls.remove(call);
			this.calls.notifyAll();
		}
		wake();
	}

	private List<Call> snapshot() {
		synchronized (this.calls) {
			return List.copyOf(this.calls);
		}
	}

	private boolean awaitCalls() {
		long deadline = System.nanoTime() + STOP.toNanos();
		synchronized (this.calls) {
			long left = STOP.toNanos();
			while (!this.calls.isEmpty() && left > 0) {
				try {
					TimeUnit.NANOSECONDS.timedWait(this.calls, left);
				}
				catch (InterruptedException ex) {
					Thread.currentThread().interrupt();
					return false;
				}
				left = deadline - System.nanoTime();
			}
			return this.calls.isEmpty();
		}
	}

	private void call(ClaimedCallback claimed) throws Exception {
		DeadLetter letter = claimed.letter();
		JobDefinition definition = this.handlers.byName(letter.name()).orElseThrow();
		Scope scope = this.context.restore(letter.headers());
		Scope fields = this.context.logFields().put(letter.id(), letter.name(), letter.queue());
		try {
			this.execution.onDead(definition, letter);
		}
		finally {
			fields.close();
			scope.close();
		}
	}

	private void failed(ClaimedCallback claimed, Throwable error) {
		String subject = "onDead of job " + claimed.letter().id() + " (" + claimed.letter().name() + ") ";
		String text = CleanText.oneLine(error, MAX_ERROR);
		if (this.stopping) {
			this.store.release(claimed);
		}
		else if (claimed.tries() >= TRIES) {
			logger.error(subject + "failed " + TRIES + " times and is not called any more", LoggedError.of(error));
			this.store.giveUp(claimed, text);
		}
		else {
			Duration wait = WAITS.get(claimed.tries() - 1);
			logger.warn(subject + "failed and is called again in " + wait, LoggedError.of(error));
			this.store.retry(claimed, text, wait);
		}
	}

	/**
	 * One call of a handler. An interrupt reaches the thread only while it is there.
	 */
	private final class Call implements Runnable {

		private final ClaimedCallback claimed;

		private final long startedAt = System.nanoTime();

		private @Nullable Thread thread;

		private boolean interrupted;

		Call(ClaimedCallback claimed) {
			this.claimed = claimed;
		}

		boolean isLate() {
			return System.nanoTime() - this.startedAt > TIMEOUT.toNanos();
		}

		void interruptLate() {
			if (interrupt()) {
				logger.warn("The onDead of job " + this.claimed.letter().id() + " (" + this.claimed.letter().name()
						+ ") has not returned for " + TIMEOUT
						+ " and is interrupted. Until it returns, it takes one of " + AT_A_TIME
						+ " places for such calls on this node");
			}
		}

		synchronized boolean interrupt() {
			boolean first = !this.interrupted;
			if (!this.interrupted) {
				this.interrupted = true;
				if (this.thread != null) {
					this.thread.interrupt();
				}
			}
			return first;
		}

		private synchronized void enter() {
			this.thread = Thread.currentThread();
			if (this.interrupted) {
				this.thread.interrupt();
			}
		}

		private synchronized void leave() {
			this.thread = null;
			Thread.interrupted();
		}

		@Override
		public void run() {
			try {
				settle(failure());
			}
			catch (RuntimeException ex) {
				logger.warn("What came of the onDead of job " + this.claimed.letter().id()
						+ " could not be written: it is called again", LoggedError.of(ex));
			}
			finally {
				end(this);
			}
		}

		private @Nullable Throwable failure() {
			enter();
			try {
				call(this.claimed);
				return null;
			}
			catch (Throwable ex) {
				return ex;
			}
			finally {
				leave();
			}
		}

		private void settle(@Nullable Throwable failure) {
			if (failure == null) {
				DeadLetterCallbacks.this.store.done(this.claimed);
			}
			else {
				failed(this.claimed, failure);
			}
		}

	}

}
