package io.jobstarter.autoconfigure;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;

import io.jobstarter.BackgroundJob;
import io.jobstarter.RetryOn;

import org.springframework.context.annotation.Configuration;

/**
 * Handlers that most tests need: one that succeeds, one that fails for good, and one that
 * takes as long as it likes.
 */
@Configuration(proxyBeanMethods = false)
public class Greetings {

	private final List<String> greeted = new CopyOnWriteArrayList<>();

	private final List<Thread> threads = new CopyOnWriteArrayList<>();

	private final CountDownLatch bodyEnds = new CountDownLatch(1);

	@BackgroundJob
	void greet(Greet greet) {
		this.threads.add(Thread.currentThread());
		this.greeted.add(greet.name());
	}

	@BackgroundJob(queue = "broken")
	@RetryOn(value = IllegalStateException.class, maxAttempts = 1)
	void refuse(Refuse refuse) {
		throw new IllegalStateException(refuse.why());
	}

	@BackgroundJob(queue = "slow")
	void linger(Linger linger) throws InterruptedException {
		this.bodyEnds.await();
	}

	/**
	 * Whom the first handler has greeted.
	 * @return the names, in order
	 */
	public List<String> greeted() {
		return this.greeted;
	}

	/**
	 * The threads in which the first handler ran.
	 * @return the threads
	 */
	public List<Thread> threads() {
		return this.threads;
	}

	/**
	 * Lets every {@link Linger} end.
	 */
	public void endLingering() {
		this.bodyEnds.countDown();
	}

	/**
	 * Greets.
	 *
	 * @param name whom
	 */
	public record Greet(String name) {
	}

	/**
	 * Fails at once and for good.
	 *
	 * @param why the message
	 */
	public record Refuse(String why) {
	}

	/**
	 * Runs until it may end.
	 */
	public record Linger() {
	}

}
