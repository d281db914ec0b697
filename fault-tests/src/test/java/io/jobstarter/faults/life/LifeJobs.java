package io.jobstarter.faults.life;

import java.time.Duration;
import java.util.Random;

import io.jobstarter.BackgroundJob;
import io.jobstarter.Backoff;
import io.jobstarter.DiscardOn;
import io.jobstarter.InOrder;
import io.jobstarter.JobAttempt;
import io.jobstarter.JobClient;
import io.jobstarter.JobDiscard;
import io.jobstarter.JobSnooze;
import io.jobstarter.LimitConcurrency;
import io.jobstarter.LimitRate;
import io.jobstarter.RetryOn;
import io.jobstarter.faults.Jobs;
import io.jobstarter.faults.Ledger;

import org.springframework.beans.factory.annotation.Value;

/**
 * Handlers that succeed, fail, snooze, give up, take too long, throw errors, swallow
 * interrupts and enqueue others.
 */
final class LifeJobs {

	private static final String KEY = "#{payload.key()}";

	private static final String TIMEOUT = "250ms";

	private final LifeLog log;

	private final Ledger ledger;

	private final JobClient client;

	private final String node;

	LifeJobs(LifeLog log, Ledger ledger, JobClient client, @Value("${node.name:?}") String node) {
		this.log = log;
		this.ledger = ledger;
		this.client = client;
		this.node = node;
	}

	@BackgroundJob(name = "life-plain", queue = Life.QUEUE, timeout = TIMEOUT)
	@RetryOn(value = Throwable.class, maxAttempts = 3, delay = "40ms", backoff = Backoff.FIXED)
	@DiscardOn(Unwanted.class)
	void plain(Life.Plain job, JobAttempt attempt) throws Exception {
		live(job, attempt, false);
	}

	@BackgroundJob(name = "life-child", queue = Life.QUEUE)
	@RetryOn(value = Throwable.class, maxAttempts = 3, delay = "40ms", backoff = Backoff.FIXED)
	void child(Life.Child job, JobAttempt attempt) throws Exception {
		Body body = this.log.begin(this.node, attempt);
		body.end(null);
	}

	@BackgroundJob(name = "life-effect", queue = Life.QUEUE, transactional = true)
	@RetryOn(value = Throwable.class, maxAttempts = 3, delay = "40ms", backoff = Backoff.FIXED)
	@DiscardOn(Unwanted.class)
	void effect(Life.Effect job, JobAttempt attempt) throws Exception {
		live(job, attempt, true);
	}

	@BackgroundJob(name = "life-two", queue = Life.KEYED_QUEUE)
	@LimitConcurrency(key = KEY, to = 2, group = Life.TWO)
	@RetryOn(value = Throwable.class, maxAttempts = 3, delay = "40ms", backoff = Backoff.FIXED)
	void two(Life.Two job, JobAttempt attempt) throws Exception {
		live(job, attempt, false);
	}

	@BackgroundJob(name = "life-two-effect", queue = Life.KEYED_QUEUE, transactional = true)
	@LimitConcurrency(key = KEY, to = 2, group = Life.TWO)
	@RetryOn(value = Throwable.class, maxAttempts = 3, delay = "40ms", backoff = Backoff.FIXED)
	void twoEffect(Life.TwoEffect job, JobAttempt attempt) throws Exception {
		live(job, attempt, true);
	}

	@BackgroundJob(name = "life-line", queue = Life.KEYED_QUEUE)
	@InOrder(key = KEY, group = "life-line")
	@RetryOn(value = Throwable.class, maxAttempts = 3, delay = "40ms", backoff = Backoff.FIXED)
	void line(Life.Line job, JobAttempt attempt) throws Exception {
		live(job, attempt, false);
	}

	@BackgroundJob(name = "life-rated", queue = Life.KEYED_QUEUE)
	@LimitRate(key = KEY, permits = 8, per = "400ms", group = "life-rate")
	@RetryOn(value = Throwable.class, maxAttempts = 3, delay = "40ms", backoff = Backoff.FIXED)
	void rated(Life.Rated job, JobAttempt attempt) throws Exception {
		live(job, attempt, false);
	}

	@BackgroundJob(name = "life-fused", queue = Life.QUEUE, circuitBreaker = Life.CIRCUIT)
	@RetryOn(value = Throwable.class, maxAttempts = 3, delay = "40ms", backoff = Backoff.FIXED)
	void fused(Life.Fused job, JobAttempt attempt) throws Exception {
		live(job, attempt, false);
	}

	private void live(Life job, JobAttempt attempt, boolean effect) throws Exception {
		Random random = new Random(job.seed() * 31 + this.log.starts(attempt.id().value()));
		Body body = this.log.begin(this.node, attempt);
		try {
			if (effect) {
				this.ledger.effect(0, attempt);
			}
			act(job, body, random);
			body.end(null);
		}
		catch (Throwable ex) {
			body.end(ex);
			throw ex;
		}
	}

	private void act(Life job, Body body, Random random) throws Exception {
		Jobs.take(random.nextInt(random.nextInt(4) == 0 ? 120 : 12));
		if (job.isDoomed()) {
			throw new IllegalStateException("it never succeeds");
		}
		if (job.isLong()) {
			Jobs.take(1_500 + random.nextInt(2_000));
		}
		int chance = random.nextInt(100);
		if (chance < 14) {
			throw new IllegalStateException("this attempt fails");
		}
		else if (chance < 17) {
			throw new StackOverflowError("on purpose");
		}
		else if (chance < 24) {
			throw JobSnooze.by(Duration.ofMillis(10 + random.nextInt(60)));
		}
		else if (chance < 27) {
			throw JobDiscard.because("it is over");
		}
		else if (chance < 29) {
			throw new Unwanted();
		}
		else if (chance < 32) {
			Jobs.take(400);
		}
		else if (chance < 33) {
			swallowInterrupts(1_000);
		}
		else if (chance < 35) {
			// Long enough to outlive a lease that ends meanwhile.
			Jobs.take(1_500 + random.nextInt(2_000));
		}
		else if (chance < 45) {
			enqueueAnother(job, body, random);
		}
	}

	private void enqueueAnother(Life job, Body body, Random random) {
		body.asks();
		body.enqueued(this.client.job(new Life.Child(job.key(), random.nextLong()))
			.tag("of:" + body.job())
			.enqueue()
			.id()
			.value());
		if (random.nextInt(4) == 0) {
			throw new IllegalStateException("it fails after it has enqueued another");
		}
	}

	private static void swallowInterrupts(int millis) {
		long end = System.nanoTime() + Duration.ofMillis(millis).toNanos();
		while (System.nanoTime() < end) {
			try {
				Jobs.take((int) Math.max(1, (end - System.nanoTime()) / 1_000_000));
			}
			catch (InterruptedException ex) {
				// That is what it is for.
			}
		}
	}

	/**
	 * A failure of which nothing comes.
	 */
	static final class Unwanted extends RuntimeException {

		private static final long serialVersionUID = 1L;

		Unwanted() {
			super("nobody wants it any more");
		}

	}

}
