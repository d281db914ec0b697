package io.jobstarter.sample.delivery;

import org.springframework.dao.ConcurrencyFailureException;
import org.springframework.dao.DataIntegrityViolationException;
import org.springframework.stereotype.Component;

/**
 * Takes deliveries in, each of them once.
 */
@Component
public class DeliveryInbox {

	private static final int ROUNDS = 3;

	private final DeliveryRecorder recorder;

	DeliveryInbox(DeliveryRecorder recorder) {
		this.recorder = recorder;
	}

	/**
	 * Stores a delivery and enqueues its job, unless it came before.
	 * @param incoming the delivery
	 * @return what became of it, true also after a crash of this process
	 */
	public Receipt accept(IncomingDelivery incoming) {
		for (int round = 1;; round++) {
			try {
				return this.recorder.record(incoming);
			}
			catch (DataIntegrityViolationException | ConcurrencyFailureException ex) {
				// The same delivery was stored by somebody else between our look and our
				// insert. The transaction is lost; a new one sees the row.
				if (round == ROUNDS) {
					throw ex;
				}
			}
		}
	}

}
