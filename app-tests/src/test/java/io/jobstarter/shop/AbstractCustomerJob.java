package io.jobstarter.shop;

import io.jobstarter.JobAttempt;
import io.jobstarter.JobHandler;

/**
 * What the shop's handlers share, as generic base classes do.
 *
 * @param <P> the payload
 */
abstract class AbstractCustomerJob<P> implements JobHandler<P> {

	private final CustomerRepository customers;

	AbstractCustomerJob(CustomerRepository customers) {
		this.customers = customers;
	}

	@Override
	public void handle(P payload, JobAttempt attempt) {
		change(this.customers.findById(name(payload)).orElseThrow());
	}

	abstract String name(P payload);

	abstract void change(Customer customer);

}
