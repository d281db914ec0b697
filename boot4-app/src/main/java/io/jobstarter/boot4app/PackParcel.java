package io.jobstarter.boot4app;

/**
 * Packs the parcel of an order, which takes its time.
 *
 * @param orderId the order
 */
record PackParcel(long orderId) {
}
