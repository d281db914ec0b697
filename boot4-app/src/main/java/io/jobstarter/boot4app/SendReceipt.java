package io.jobstarter.boot4app;

/**
 * Sends the receipt of an order.
 *
 * @param orderId the order
 */
record SendReceipt(long orderId) {
}
