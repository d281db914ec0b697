package io.jobstarter.benchmarks.child;

import java.lang.management.ManagementFactory;
import java.util.HashMap;
import java.util.Map;

import com.sun.management.OperatingSystemMXBean;

/**
 * The time and the CPU that this JVM takes for something.
 *
 * @param startedAt when it began
 * @param cpu the CPU of the process until then
 */
record Usage(long startedAt, long cpu) {

	private static final OperatingSystemMXBean SYSTEM = ManagementFactory
		.getPlatformMXBean(OperatingSystemMXBean.class);

	static Usage start() {
		return new Usage(System.nanoTime(), SYSTEM.getProcessCpuTime());
	}

	Map<String, Object> stop(Map<String, Object> more) {
		return stop(this.startedAt, System.nanoTime(), more);
	}

	Map<String, Object> stop(long from, long to, Map<String, Object> more) {
		Map<String, Object> answer = new HashMap<>(more);
		answer.put("nanos", to - from);
		answer.put("cpuNanos", SYSTEM.getProcessCpuTime() - this.cpu);
		return answer;
	}

}
