package io.jobstarter.boot4app;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * Confirms an order. Holds what an engine's own JSON mapper has to know, whatever mapper
 * the application has.
 *
 * @param orderId the order
 * @param orderedAt when it was placed
 * @param within how soon it is to be delivered
 * @param items what was ordered
 * @param note what the customer says
 */
record ConfirmOrder(long orderId, Instant orderedAt, Duration within, List<Item> items, Optional<String> note) {

	/**
	 * A line of an order.
	 *
	 * @param article the article
	 * @param count how many of it
	 */
	record Item(String article, int count) {
	}

}
