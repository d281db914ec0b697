package io.jobstarter.autoconfigure.actuate;

import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

import io.jobstarter.JobAttempt;
import io.jobstarter.JobDiscard;
import io.jobstarter.JobInterceptor;
import io.jobstarter.JobSnooze;
import io.jobstarter.autoconfigure.QueueTags;
import io.jobstarter.observation.JobObservation;
import io.jobstarter.support.CleanText;
import io.jobstarter.support.LoggedError;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.LongTaskTimer;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

import org.springframework.core.Ordered;

/**
 * Measures attempts: what they take of the CPU and of memory, and where no observation
 * does, how long they take and how many run. To look at the CPU's clock costs as much as
 * all else that is done for a job. So of jobs that take less than a millisecond one in
 * {@value #ONE_IN} attempts is looked at more closely.
 */
final class AttemptMeters implements JobInterceptor, Ordered {

	private static final Log logger = LogFactory.getLog(AttemptMeters.class);

	static final int ONE_IN = 16;

	private static final long SHORT = TimeUnit.MILLISECONDS.toNanos(1);

	private static final int MAX_ERROR = 100;

	private final MeterRegistry registry;

	private final Set<String> names;

	private final QueueTags queues;

	private final boolean timed;

	private final @Nullable ThreadResources resources;

	private final Map<String, Map<String, Meters>> meters = new ConcurrentHashMap<>();

	private volatile boolean reported;

	/**
	 * Makes the meters.
	 * @param registry where they go
	 * @param names the job names to show
	 * @param queues the queues to show
	 * @param timed whether to time attempts, which else is done by their observation
	 * @param resources tells what a thread has used, or {@code null} to leave that out
	 */
	AttemptMeters(MeterRegistry registry, Set<String> names, QueueTags queues, boolean timed,
			@Nullable ThreadResources resources) {
		this.registry = registry;
		this.names = Set.copyOf(names);
		this.queues = queues;
		this.timed = timed;
		this.resources = resources;
	}

	// What goes wrong with the meters must not become a failure of the job.
	@Override
	public void around(JobAttempt attempt, Invocation next) throws Exception {
		Measurement measurement = begin(attempt);
		Throwable error = null;
		try {
			next.proceed();
		}
		catch (Throwable ex) {
			error = ex;
			throw ex;
		}
		finally {
			if (measurement != null) {
				end(measurement, error);
			}
		}
	}

	private @Nullable Measurement begin(JobAttempt attempt) {
		try {
			Meters meters = of(attempt.name(), attempt.queue());
			boolean closely = meters.looksClosely();
			ThreadResources resources = (closely && this.resources != null && this.resources.areKnown())
					? this.resources : null;
			long cpu = (resources != null) ? resources.cpuNanos() : 0;
			long allocated = (resources != null) ? resources.allocatedBytes() : 0;
			// Last: nothing may come between that leaves it running.
			LongTaskTimer.Sample active = (closely && this.timed) ? meters.active.start() : null;
			return new Measurement(meters, active, resources, cpu, allocated, System.nanoTime());
		}
		catch (RuntimeException ex) {
			report(ex);
			return null;
		}
	}

	private void end(Measurement measurement, @Nullable Throwable error) {
		try {
			long nanos = measurement.end();
			if (this.timed) {
				measurement.meters().timer(error).record(nanos, TimeUnit.NANOSECONDS);
			}
		}
		catch (RuntimeException ex) {
			report(ex);
		}
	}

	private void report(RuntimeException ex) {
		if (!this.reported) {
			this.reported = true;
			logger.warn("Attempts of jobs cannot be measured, and go on without", LoggedError.of(ex));
		}
	}

	private Meters of(String name, String queue) {
		String shown = this.names.contains(name) ? name : QueueTags.OTHER;
		String tag = this.queues.of(queue);
		Map<String, Meters> byQueue = this.meters.get(shown);
		Meters meters = (byQueue != null) ? byQueue.get(tag) : null;
		return (meters != null) ? meters : this.meters.computeIfAbsent(shown, (key) -> new ConcurrentHashMap<>())
			.computeIfAbsent(tag, (key) -> new Meters(this.registry, shown, tag));
	}

	// Inside of the observation, whose own work is none of the job's.
	@Override
	public int getOrder() {
		return Ordered.HIGHEST_PRECEDENCE + 10;
	}

	/**
	 * An attempt that is measured.
	 *
	 * @param meters where to
	 * @param active counts it among those that run, or {@code null}
	 * @param resources tells what its thread has used, or {@code null}
	 * @param cpu what it had used of the CPU before, in nanoseconds
	 * @param allocated what it had allocated before, in bytes
	 * @param start when it began
	 */
	private record Measurement(Meters meters, LongTaskTimer.@Nullable Sample active,
			@Nullable ThreadResources resources, long cpu, long allocated, long start) {

		/**
		 * Records all but how long it took.
		 * @return how long it took, in nanoseconds
		 */
		long end() {
			long nanos = System.nanoTime() - this.start;
			if (this.active != null) {
				this.active.stop();
			}
			this.meters.took(nanos);
			if (this.resources != null) {
				long bytes = this.resources.allocatedBytes() - this.allocated;
				this.meters.used(this.resources.cpuNanos() - this.cpu, bytes);
			}
			return nanos;
		}

	}

	/**
	 * The meters of a job in a queue. Those of which nothing is recorded are not made.
	 */
	private static final class Meters {

		private final MeterRegistry registry;

		private final Tags tags;

		private final LongTaskTimer active;

		private final Map<String, Timer> failures = new ConcurrentHashMap<>();

		private volatile @Nullable Timer succeeded;

		private volatile @Nullable Timer cpu;

		private volatile @Nullable DistributionSummary allocated;

		// Racy on purpose: what is lost now and then is a hint.
		private int attempts;

		private long usual = SHORT;

		Meters(MeterRegistry registry, String name, String queue) {
			this.registry = registry;
			this.tags = Tags.of("job.name", name, "queue", queue);
			this.active = LongTaskTimer.builder(JobObservation.EXECUTION.getName() + ".active")
				.tags(this.tags)
				.register(registry);
		}

		boolean looksClosely() {
			return this.usual >= SHORT || this.attempts++ % ONE_IN == 0;
		}

		// One long attempt among short ones counts at once, and is forgotten slowly.
		void took(long nanos) {
			this.usual = Math.max(nanos, this.usual - (this.usual >> 3));
		}

		void used(long nanos, long bytes) {
			Timer cpu = this.cpu;
			if (cpu == null) {
				cpu = Timer.builder(JobMeter.CPU.getName())
					.description(JobMeter.CPU.description())
					.tags(this.tags)
					.register(this.registry);
				this.cpu = cpu;
			}
			cpu.record(nanos, TimeUnit.NANOSECONDS);
			DistributionSummary allocated = this.allocated;
			if (allocated == null) {
				allocated = DistributionSummary.builder(JobMeter.ALLOCATED.getName())
					.description(JobMeter.ALLOCATED.description())
					.baseUnit(JobMeter.ALLOCATED.getBaseUnit())
					.tags(this.tags)
					.register(this.registry);
				this.allocated = allocated;
			}
			allocated.record(bytes);
		}

		Timer timer(@Nullable Throwable error) {
			if (error != null) {
				String outcome = outcome(error);
				String name = CleanText.printable(error.getClass().getSimpleName(), MAX_ERROR);
				return this.failures.computeIfAbsent(outcome + " " + name, (key) -> newTimer(outcome, name));
			}
			Timer succeeded = this.succeeded;
			if (succeeded == null) {
				succeeded = newTimer("succeeded", "none");
				this.succeeded = succeeded;
			}
			return succeeded;
		}

		private Timer newTimer(String outcome, String error) {
			return Timer.builder(JobObservation.EXECUTION.getName())
				.tags(this.tags.and("outcome", outcome, "error", error))
				.register(this.registry);
		}

		private static String outcome(Throwable error) {
			if (error instanceof JobSnooze) {
				return "snoozed";
			}
			return (error instanceof JobDiscard) ? "discarded" : "failed";
		}

	}

}
