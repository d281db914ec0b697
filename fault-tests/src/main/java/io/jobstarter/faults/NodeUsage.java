package io.jobstarter.faults;

import java.lang.management.ManagementFactory;
import java.lang.management.MemoryMXBean;
import java.time.Duration;

import com.sun.management.UnixOperatingSystemMXBean;

/**
 * What this process uses.
 */
final class NodeUsage {

	private NodeUsage() {
	}

	/**
	 * Collects all garbage and measures.
	 * @return names and numbers: {@code heap=1 nonheap=2 threads=3 descriptors=4 cpu=5},
	 * bytes and milliseconds
	 */
	static String afterCollection() {
		System.gc();
		MemoryMXBean memory = ManagementFactory.getMemoryMXBean();
		String usage = "heap=" + memory.getHeapMemoryUsage().getUsed() + " nonheap="
				+ memory.getNonHeapMemoryUsage().getUsed() + " threads="
				+ ManagementFactory.getThreadMXBean().getThreadCount();
		return (ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean system)
				? usage + " descriptors=" + system.getOpenFileDescriptorCount() + " cpu="
						+ Duration.ofNanos(system.getProcessCpuTime()).toMillis()
				: usage;
	}

}
