package io.jobstarter.autoconfigure.actuate;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.management.ManagementFactory;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

import com.sun.management.ThreadMXBean;
import io.jobstarter.JobAttempt;
import io.jobstarter.JobInterceptor;
import io.jobstarter.autoconfigure.QueueTags;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import org.jspecify.annotations.Nullable;

import org.springframework.core.Ordered;

/**
 * Measures what attempts take of the CPU and of memory, each in its own thread: what it
 * leaves to other threads is not seen. Nothing is measured in virtual threads, of which
 * the JVM does not tell.
 */
final class ResourceMeters implements JobInterceptor, Ordered {

	private static final @Nullable MethodHandle IS_VIRTUAL = isVirtual();

	private final @Nullable ThreadMXBean threads;

	private final MeterRegistry registry;

	private final Set<String> names;

	private final QueueTags queues;

	private final Map<String, Map<String, Meters>> meters = new ConcurrentHashMap<>();

	ResourceMeters(MeterRegistry registry, Set<String> names, QueueTags queues) {
		this.registry = registry;
		this.names = Set.copyOf(names);
		this.queues = queues;
		this.threads = (ManagementFactory.getThreadMXBean() instanceof ThreadMXBean threads
				&& threads.isCurrentThreadCpuTimeSupported() && threads.isThreadCpuTimeEnabled()
				&& threads.isThreadAllocatedMemorySupported() && threads.isThreadAllocatedMemoryEnabled()) ? threads
						: null;
	}

	// Java 17 has no virtual threads, and no way to ask.
	private static @Nullable MethodHandle isVirtual() {
		try {
			return MethodHandles.publicLookup()
				.findVirtual(Thread.class, "isVirtual", MethodType.methodType(boolean.class));
		}
		catch (ReflectiveOperationException ex) {
			return null;
		}
	}

	@Override
	public void around(JobAttempt attempt, Invocation next) throws Exception {
		ThreadMXBean threads = this.threads;
		if (threads == null || isVirtual(Thread.currentThread())) {
			next.proceed();
			return;
		}
		long cpu = threads.getCurrentThreadCpuTime();
		long allocated = threads.getCurrentThreadAllocatedBytes();
		try {
			next.proceed();
		}
		finally {
			long bytes = threads.getCurrentThreadAllocatedBytes() - allocated;
			long nanos = threads.getCurrentThreadCpuTime() - cpu;
			of(attempt.name(), attempt.queue()).record(nanos, bytes);
		}
	}

	private static boolean isVirtual(Thread thread) {
		try {
			return IS_VIRTUAL != null && (boolean) IS_VIRTUAL.invokeExact(thread);
		}
		catch (Throwable ex) {
			throw new IllegalStateException("Thread.isVirtual cannot fail", ex);
		}
	}

	private Meters of(String name, String queue) {
		String shown = this.names.contains(name) ? name : QueueTags.OTHER;
		return this.meters.computeIfAbsent(shown, (key) -> new ConcurrentHashMap<>())
			.computeIfAbsent(this.queues.of(queue), (tag) -> new Meters(this.registry, shown, tag));
	}

	// Inside of the observation, whose own work is none of the job's.
	@Override
	public int getOrder() {
		return Ordered.HIGHEST_PRECEDENCE + 10;
	}

	/**
	 * The meters of a job in a queue.
	 *
	 * @param cpu its CPU time
	 * @param allocated what it allocates
	 */
	private record Meters(Timer cpu, DistributionSummary allocated) {

		Meters(MeterRegistry registry, String name, String queue) {
			this(Timer.builder(JobMeter.CPU.getName())
				.description(JobMeter.CPU.description())
				.tags("job.name", name, "queue", queue)
				.register(registry),
					DistributionSummary.builder(JobMeter.ALLOCATED.getName())
						.description(JobMeter.ALLOCATED.description())
						.baseUnit(JobMeter.ALLOCATED.getBaseUnit())
						.tags("job.name", name, "queue", queue)
						.register(registry));
		}

		void record(long nanos, long bytes) {
			this.cpu.record(nanos, TimeUnit.NANOSECONDS);
			this.allocated.record(bytes);
		}

	}

}
