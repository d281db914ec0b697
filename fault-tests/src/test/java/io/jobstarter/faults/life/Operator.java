package io.jobstarter.faults.life;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import io.jobstarter.Audit;
import io.jobstarter.DeadLetterFilter;
import io.jobstarter.EnqueueSpec;
import io.jobstarter.Enqueued;
import io.jobstarter.JobClient;
import io.jobstarter.JobFilter;
import io.jobstarter.JobId;
import io.jobstarter.JobOperations;
import io.jobstarter.JobState;
import io.jobstarter.RedriveRequest;
import io.jobstarter.UniqueConflict;
import io.jobstarter.UniqueUntil;
import io.jobstarter.Uniqueness;
import io.jobstarter.faults.Jobs;
import io.jobstarter.faults.fleet.FleetDatabase;
import io.jobstarter.faults.life.Act.Kind;
import org.jspecify.annotations.Nullable;

/**
 * A thread that enqueues jobs and does to them whatever operators can, at random.
 */
final class Operator implements Runnable {

	private static final List<String> QUEUES = List.of(Life.QUEUE, Life.KEYED_QUEUE);

	/** Of a hundred acts, how many enqueue. */
	private static final int ENQUEUES = 37;

	private final FleetDatabase database;

	private final JobClient client;

	private final JobOperations operations;

	private final Journal journal;

	private final Known known;

	private final Random random;

	private final AtomicInteger numbers;

	private final Queue<Act> acts;

	private final BooleanSupplier goesOn;

	private final BooleanSupplier full;

	Operator(FleetDatabase database, Journal journal, Known known, Random random, AtomicInteger numbers,
			Queue<Act> acts, BooleanSupplier goesOn, BooleanSupplier full) {
		this.database = database;
		this.client = database.client();
		this.operations = database.operations();
		this.journal = journal;
		this.known = known;
		this.random = random;
		this.numbers = numbers;
		this.acts = acts;
		this.goesOn = goesOn;
		this.full = full;
	}

	@Override
	public void run() {
		while (this.goesOn.getAsBoolean()) {
			act();
		}
	}

	private void act() {
		int chance = this.full.getAsBoolean() ? ENQUEUES + this.random.nextInt(100 - ENQUEUES)
				: this.random.nextInt(100);
		if (chance < 16) {
			perform(Kind.ENQUEUE, List.of(), (number) -> spec().enqueue());
		}
		else if (chance < 22) {
			enqueueLater();
		}
		else if (chance < 31) {
			enqueueUnique();
		}
		else if (chance < ENQUEUES) {
			enqueueSeveral();
		}
		else if (chance < 49) {
			long job = this.known.any(this.random);
			perform(Kind.CANCEL, List.of(job), (number) -> this.operations.cancel(new JobId(job), audit(number)));
		}
		else if (chance < 62) {
			long job = this.known.any(this.random);
			perform(Kind.RETRY, List.of(job), (number) -> this.operations.retry(new JobId(job), audit(number)));
		}
		else if (chance < 67) {
			long job = this.known.any(this.random);
			perform(Kind.DISCARD, List.of(job), (number) -> {
				this.operations.discard(new JobId(job), audit(number));
				return "discarded";
			});
		}
		else if (chance < 77) {
			reschedule();
		}
		else if (chance < 84) {
			redrive();
		}
		else if (chance < 93) {
			look();
		}
		else {
			set();
		}
	}

	private EnqueueSpec spec() {
		return spec(Life.draw(this.random));
	}

	private EnqueueSpec spec(Life job) {
		EnqueueSpec spec = this.client.job(job).priority(this.random.nextInt(3));
		return (this.random.nextInt(8) == 0) ? spec.fairBy("tenant-" + this.random.nextInt(3)) : spec;
	}

	private void enqueueLater() {
		Duration delay = Duration.ofMillis(this.random.nextInt(1_000));
		boolean at = this.random.nextBoolean();
		perform(Kind.ENQUEUE, List.of(),
				(number) -> (at ? spec().at(Instant.now().plus(delay)) : spec().in(delay)).enqueue());
	}

	private void enqueueUnique() {
		UniqueUntil until = this.random.nextBoolean() ? UniqueUntil.STARTED : UniqueUntil.FINISHED;
		UniqueConflict conflict = UniqueConflict.values()[this.random.nextInt(UniqueConflict.values().length)];
		Uniqueness plain = Uniqueness.of("u" + this.random.nextInt(12)).until(until).onConflict(conflict);
		boolean waits = conflict == UniqueConflict.RESCHEDULE || this.random.nextInt(4) == 0;
		Uniqueness unique = waits ? plain.within(Duration.ofMillis(50 + this.random.nextInt(200))) : plain;
		// Few would die otherwise, and what dies with a key is to ask for it again.
		boolean dies = this.random.nextInt(3) == 0;
		perform(Kind.ENQUEUE, List.of(),
				(number) -> spec(dies ? Life.drawDoomed(this.random) : Life.draw(this.random)).unique(unique)
					.enqueue());
	}

	private void enqueueSeveral() {
		int count = 1 + this.random.nextInt(12);
		if (this.random.nextBoolean()) {
			perform(Kind.ENQUEUE, List.of(), (number) -> this.client
				.enqueueAll(IntStream.range(0, count).mapToObj((i) -> Life.draw(this.random)).toList()));
			return;
		}
		perform(Kind.ENQUEUE, List.of(), true, (number) -> {
			List<Enqueued> enqueued = new ArrayList<>();
			for (int i = 0; i < count; i++) {
				enqueued.add(spec().enqueue());
			}
			hold();
			return enqueued;
		});
	}

	private void reschedule() {
		long job = this.known.any(this.random);
		Instant at = Instant.now().plusMillis(this.random.nextInt(1_200) - 200);
		perform(Kind.RESCHEDULE, List.of(job), (number) -> {
			this.operations.reschedule(new JobId(job), at, audit(number));
			return at;
		});
	}

	private void redrive() {
		int chance = this.random.nextInt(8);
		if (chance == 0) {
			perform(Kind.OTHER, List.of(), (number) -> this.operations.redrives()
				.start(RedriveRequest.of(DeadLetterFilter.OPEN).perSecond(50).canary(3, 1), audit(number)));
		}
		else if (chance < 4) {
			long letter = this.known.anyDead(this.random);
			perform(Kind.REDRIVE_CORRECTED, List.of(letter), (number) -> this.operations.redrives()
				.redriveCorrected(new JobId(letter), "{\"key\":\"corrected\",\"seed\":99}", audit(number)));
		}
		else {
			List<Long> letters = Stream
				.concat(Stream.generate(() -> this.known.anyDead(this.random)).limit(4),
						Stream.of(this.known.any(this.random)))
				.distinct()
				.toList();
			perform(Kind.REDRIVE, letters, (number) -> this.operations.redrives()
				.redrive(letters.stream().map(JobId::new).toList(), audit(number)));
		}
	}

	private void look() {
		long job = this.known.any(this.random);
		JobId id = new JobId(job);
		switch (this.random.nextInt(10)) {
			case 0 -> perform(Kind.OTHER, List.of(job), (number) -> this.operations.why(id));
			case 1 -> perform(Kind.OTHER, List.of(job), (number) -> this.operations.timeline(id));
			case 2 -> perform(Kind.OTHER, List.of(job), (number) -> this.operations.failures(id));
			case 3 -> perform(Kind.OTHER, List.of(), (number) -> letters());
			case 4 -> perform(Kind.OTHER, List.of(), (number) -> this.operations.queueStatuses().size());
			case 5 -> perform(Kind.OTHER, List.of(),
					(number) -> this.operations.find(JobFilter.in(JobState.BLOCKED, JobState.SCHEDULED), null, 50)
						.items()
						.size());
			default -> perform(Kind.FIND, List.of(job), (number) -> this.operations.find(id).orElse(null));
		}
	}

	private int letters() {
		this.operations.deadLetters(DeadLetterFilter.OPEN, null, 20)
			.items()
			.forEach((letter) -> this.known.addDead(letter.id().value()));
		return this.operations.deadLetterGroups(10).size();
	}

	private void set() {
		String queue = QUEUES.get(this.random.nextInt(QUEUES.size()));
		int few = 1 + this.random.nextInt(6);
		switch (this.random.nextInt(11)) {
			case 0 -> change((audit) -> this.operations.pause(queue, audit));
			case 1, 2 -> change((audit) -> this.operations.resume(queue, audit));
			case 3 -> change((audit) -> this.operations.setConcurrency(queue, few, audit));
			case 4 -> change((audit) -> this.operations.resetConcurrency(queue, audit));
			case 5 -> change((audit) -> this.operations.setFleetConcurrency(queue, few, audit));
			case 6 -> change((audit) -> this.operations.resetFleetConcurrency(queue, audit));
			case 7 -> change((audit) -> this.operations.limits().set(Life.TWO, few - 1, audit));
			case 8 -> change((audit) -> this.operations.limits().reset(Life.TWO, audit));
			case 9 -> change((audit) -> this.operations.forceOpen(Life.CIRCUIT, audit));
			default -> change((audit) -> this.operations.resetBreaker(Life.CIRCUIT, audit));
		}
	}

	private void change(Consumer<Audit> change) {
		perform(Kind.OTHER, List.of(), (number) -> {
			change.accept(audit(number));
			return "changed";
		});
	}

	private void perform(Kind kind, List<Long> jobs, Question question) {
		perform(kind, jobs, this.random.nextInt(4) == 0, question);
	}

	private void perform(Kind kind, List<Long> jobs, boolean inTransaction, Question question) {
		int number = this.numbers.incrementAndGet();
		boolean commits = !inTransaction || this.random.nextInt(3) > 0;
		@Nullable Object answer = null;
		@Nullable Throwable error = null;
		Moment before = this.journal.now();
		try {
			Supplier<@Nullable Object> asking = () -> question.ask(number);
			answer = inTransaction ? inTransaction(asking, commits) : asking.get();
		}
		catch (Throwable ex) {
			error = ex;
		}
		Act act = new Act(number, kind, jobs, before, this.journal.now(), commits, answer, error);
		this.acts.add(act);
		if (commits) {
			enqueuedBy(answer).filter((one) -> !one.duplicate()).forEach((one) -> this.known.add(one.id().value()));
		}
	}

	private @Nullable Object inTransaction(Supplier<@Nullable Object> asking, boolean commits) {
		return this.database.transaction().execute((status) -> {
			if (!commits) {
				status.setRollbackOnly();
			}
			@Nullable Object answer = asking.get();
			hold();
			return answer;
		});
	}

	static Stream<Enqueued> enqueuedBy(@Nullable Object answer) {
		if (answer instanceof Enqueued one) {
			return Stream.of(one);
		}
		return (answer instanceof Collection<?> several)
				? several.stream().filter(Enqueued.class::isInstance).map(Enqueued.class::cast) : Stream.empty();
	}

	private void hold() {
		try {
			Jobs.take(this.random.nextInt(6));
		}
		catch (InterruptedException ex) {
			throw new IllegalStateException(ex);
		}
	}

	private static Audit audit(int number) {
		return Audit.because(Act.reason(number));
	}

	/**
	 * What is asked for.
	 */
	private interface Question {

		@Nullable Object ask(int number);

	}

}
