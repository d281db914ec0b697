package io.jobstarter.faults.life;

import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLongArray;

/**
 * The jobs that threads ask for: those of late, and some of these above all, so that
 * several meet.
 */
final class Known {

	private static final int ALL = 256;

	private static final int HOT = 6;

	private final AtomicLongArray jobs = new AtomicLongArray(ALL);

	private final AtomicLongArray dead = new AtomicLongArray(ALL);

	private final AtomicInteger added = new AtomicInteger();

	private final AtomicInteger died = new AtomicInteger();

	void add(long job) {
		this.jobs.set(Math.floorMod(this.added.getAndIncrement(), ALL), job);
	}

	void addDead(long job) {
		this.dead.set(Math.floorMod(this.died.getAndIncrement(), ALL), job);
	}

	long any(Random random) {
		int chance = random.nextInt(10);
		if (chance == 0) {
			return anyDead(random);
		}
		return pick(this.jobs, this.added.get(), (chance < 6) ? HOT : ALL, random);
	}

	long anyDead(Random random) {
		return pick(this.dead, this.died.get(), (random.nextInt(2) == 0) ? HOT : ALL, random);
	}

	private static long pick(AtomicLongArray from, int added, int latest, Random random) {
		int there = Math.min(Math.min(added, latest), ALL);
		// 1 before there is any: whoever has it, the rules hold for it, too.
		return (there == 0) ? 1 : Math.max(1, from.get(Math.floorMod(added - 1 - random.nextInt(there), ALL)));
	}

}
