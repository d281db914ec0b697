package io.jobstarter.schedule;

import java.time.Duration;
import java.time.Instant;

import io.jobstarter.RecurringDefinition;

/**
 * How much later than its fire a job is due: the same on every node, and different from
 * one recurring job and one fire to the next.
 */
final class Jitter {

	private Jitter() {
	}

	static Duration of(RecurringDefinition definition, Instant fire) {
		long window = definition.jitter().toMillis();
		if (window <= 0) {
			return Duration.ZERO;
		}
		long hash = mix(31L * definition.id().hashCode() + fire.getEpochSecond());
		return Duration.ofMillis(Long.remainderUnsigned(hash, window));
	}

	// The finalizer of MurmurHash3: neighbours lie far apart.
	private static long mix(long value) {
		long hash = (value ^ (value >>> 33)) * 0xff51afd7ed558ccdL;
		hash = (hash ^ (hash >>> 33)) * 0xc4ceb9fe1a85ec53L;
		return hash ^ (hash >>> 33);
	}

}
