package io.jobstarter.faults.soak;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

import io.jobstarter.Audit;
import io.jobstarter.DeadLetter;
import io.jobstarter.DeadLetterFilter;
import io.jobstarter.EnqueueSpec;
import io.jobstarter.Enqueued;
import io.jobstarter.JobId;
import io.jobstarter.RedriveRequest;
import io.jobstarter.faults.SoakJobs.Booked;
import io.jobstarter.faults.SoakJobs.Flaky;
import io.jobstarter.faults.SoakJobs.Metered;
import io.jobstarter.faults.SoakJobs.Mortal;
import io.jobstarter.faults.SoakJobs.Once;
import io.jobstarter.faults.SoakJobs.Plain;
import io.jobstarter.faults.SoakJobs.Step;
import io.jobstarter.faults.SoakJobs.Tenant;
import io.jobstarter.faults.fleet.FleetDatabase;

import org.springframework.dao.PessimisticLockingFailureException;

/**
 * Enqueues jobs of all kinds, and redrives what has died.
 */
final class SoakLoad {

	private static final Audit WHO = new Audit("soak", "to see it run again");

	private static final int PAGE = 200;

	private final FleetDatabase database;

	private final SoakBooks books;

	private final Random random;

	private int next;

	SoakLoad(FleetDatabase database, SoakBooks books, long seed) {
		this.database = database;
		this.books = books;
		this.random = new Random(seed);
	}

	/**
	 * Enqueues jobs in one transaction, one in twenty of which is rolled back.
	 * @param count how many
	 */
	void enqueue(int count) {
		List<Integer> numbers = new ArrayList<>();
		List<Integer> transactional = new ArrayList<>();
		boolean rolledBack = this.random.nextInt(20) == 0;
		try {
			this.database.transaction().executeWithoutResult((status) -> {
				for (int i = 0; i < count; i++) {
					enqueueOne(numbers, transactional);
				}
				if (rolledBack) {
					status.setRollbackOnly();
				}
			});
		}
		catch (PessimisticLockingFailureException ex) {
			// A deadlock: nothing of it is there.
			return;
		}
		if (!rolledBack) {
			this.books.committed(numbers, transactional);
		}
	}

	private void enqueueOne(List<Integer> numbers, List<Integer> transactional) {
		int number = this.next++;
		Object payload = payload(number);
		EnqueueSpec spec = this.database.client().job(payload);
		if (payload instanceof Plain) {
			place(spec);
		}
		Enqueued enqueued = spec.enqueue();
		if (!enqueued.duplicate()) {
			numbers.add(number);
			if (payload instanceof Booked || payload instanceof Step) {
				transactional.add(number);
			}
		}
	}

	private void place(EnqueueSpec spec) {
		switch (this.random.nextInt(8)) {
			case 0 -> spec.in(Duration.ofMillis(this.random.nextInt(3_000)));
			case 1 -> spec.queue("narrow");
			case 2 -> spec.priority(this.random.nextInt(3) - 1);
			case 3 -> spec.fairBy("tenant-" + this.random.nextInt(50)).tag("fair");
			default -> {
				// As it comes.
			}
		}
	}

	// Keys of steps are new ones all the time: what is kept of a key has to go with it.
	private Object payload(int number) {
		int kind = this.random.nextInt(100);
		if (kind < 40) {
			return new Plain(number, this.random.nextInt(10));
		}
		if (kind < 65) {
			return new Booked(number, this.random.nextInt(10));
		}
		if (kind < 72) {
			return new Flaky(number, 1 + this.random.nextInt(2));
		}
		if (kind < 80) {
			return new Tenant(number, "tenant-" + this.random.nextInt(20), this.random.nextInt(10));
		}
		if (kind < 88) {
			return new Step(number, "order-" + number / 100, (this.random.nextInt(10) == 0) ? 1 : 0);
		}
		if (kind < 93) {
			return new Metered(number, "meter-" + this.random.nextInt(10));
		}
		return (kind < 98) ? new Once(number, "once-" + number / 100 + "-" + this.random.nextInt(4))
				: new Mortal(number);
	}

	/**
	 * Lets the fleet redrive what has died.
	 */
	void redrive() {
		this.database.operations()
			.redrives()
			.start(RedriveRequest.of(DeadLetterFilter.OPEN.withName("mortal")).withoutCanary().perSecond(20), WHO);
	}

	/**
	 * Redrives what has died at once.
	 * @return whether there was anything
	 */
	boolean redriveTheLast() {
		List<JobId> open = this.database.operations()
			.deadLetters(DeadLetterFilter.OPEN, null, PAGE)
			.items()
			.stream()
			.map(DeadLetter::id)
			.toList();
		if (!open.isEmpty()) {
			this.database.operations().redrives().redrive(open, WHO);
		}
		return !open.isEmpty();
	}

}
