package io.jobstarter.boot4app;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;

import io.jobstarter.BackgroundJob;
import io.jobstarter.JobAttempt;
import io.jobstarter.RetryOn;

import org.springframework.stereotype.Component;

/**
 * What comes after an order: handlers that are methods.
 */
@Component
class AfterTheOrder {

	private final List<String> receipts = new CopyOnWriteArrayList<>();

	private final CountDownLatch packing = new CountDownLatch(1);

	private final CountDownLatch packed = new CountDownLatch(1);

	@BackgroundJob
	@RetryOn(value = IllegalStateException.class, maxAttempts = 3, delay = "10ms")
	void send(SendReceipt receipt, JobAttempt attempt) {
		if (attempt.number() < 3) {
			throw new IllegalStateException("The mail server does not answer");
		}
		this.receipts.add(receipt.orderId() + " in attempt " + attempt.number());
	}

	@BackgroundJob(queue = "parcels")
	void pack(PackParcel parcel) throws InterruptedException {
		this.packing.countDown();
		this.packed.await();
	}

	@BackgroundJob
	@RetryOn(value = UnsupportedOperationException.class, maxAttempts = 1)
	void ask(AskForReview review) {
		throw new UnsupportedOperationException("Nobody has time for that");
	}

	List<String> receipts() {
		return this.receipts;
	}

	boolean isPacking() {
		return this.packing.getCount() == 0;
	}

	void parcelIsPacked() {
		this.packed.countDown();
	}

}
