package io.jobstarter.shop;

/**
 * Welcomes a customer.
 *
 * @param name the customer's name
 */
record WelcomeCustomer(String name) {
}
