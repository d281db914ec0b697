package io.jobstarter.autoconfigure.actuate;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.management.ManagementFactory;

import com.sun.management.ThreadMXBean;
import org.jspecify.annotations.Nullable;

/**
 * What the calling thread has used so far, as the JVM knows it of platform threads.
 * Apart, since not every JVM has the class that tells.
 */
final class ThreadResources {

	private static final @Nullable MethodHandle IS_VIRTUAL = findIsVirtual();

	private final ThreadMXBean threads;

	private ThreadResources(ThreadMXBean threads) {
		this.threads = threads;
	}

	/**
	 * Asks the JVM.
	 * @return what tells, or {@code null} if it does not measure that
	 */
	static @Nullable ThreadResources find() {
		return (ManagementFactory.getThreadMXBean() instanceof ThreadMXBean threads
				&& threads.isCurrentThreadCpuTimeSupported() && threads.isThreadCpuTimeEnabled()
				&& threads.isThreadAllocatedMemorySupported() && threads.isThreadAllocatedMemoryEnabled())
						? new ThreadResources(threads) : null;
	}

	// Java 17 has no virtual threads, and no way to ask.
	private static @Nullable MethodHandle findIsVirtual() {
		try {
			return MethodHandles.publicLookup()
				.findVirtual(Thread.class, "isVirtual", MethodType.methodType(boolean.class));
		}
		catch (ReflectiveOperationException ex) {
			return null;
		}
	}

	/**
	 * Tells whether the calling thread is one of which the JVM knows.
	 * @return whether it is no virtual one
	 */
	boolean areKnown() {
		try {
			return IS_VIRTUAL == null || !((boolean) IS_VIRTUAL.invokeExact(Thread.currentThread()));
		}
		catch (Throwable ex) {
			throw new IllegalStateException("Thread.isVirtual cannot fail", ex);
		}
	}

	long cpuNanos() {
		return this.threads.getCurrentThreadCpuTime();
	}

	long allocatedBytes() {
		return this.threads.getCurrentThreadAllocatedBytes();
	}

}
