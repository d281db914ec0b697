package io.jobstarter.boot4app;

/**
 * Asks a customer what nobody wants to be asked.
 *
 * @param orderId the order
 */
record AskForReview(long orderId) {
}
