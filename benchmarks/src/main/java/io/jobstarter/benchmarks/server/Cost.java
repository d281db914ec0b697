package io.jobstarter.benchmarks.server;

import org.jspecify.annotations.Nullable;

/**
 * What the database server has spent.
 *
 * @param cpuMicros the CPU time of all its processes in microseconds, or null where that
 * cannot be seen
 * @param walBytes the bytes of write-ahead log
 */
public record Cost(@Nullable Long cpuMicros, long walBytes) {

	/**
	 * The cost since an earlier one.
	 * @param earlier the earlier one
	 * @return the difference
	 */
	public Cost since(Cost earlier) {
		return new Cost(
				(this.cpuMicros != null && earlier.cpuMicros != null) ? this.cpuMicros - earlier.cpuMicros : null,
				this.walBytes - earlier.walBytes);
	}

}
