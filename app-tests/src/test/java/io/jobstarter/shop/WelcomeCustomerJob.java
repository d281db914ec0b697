package io.jobstarter.shop;

import io.jobstarter.BackgroundJob;
import io.jobstarter.JobAttempt;

import org.springframework.transaction.annotation.Transactional;

/**
 * Welcomes customers, behind a proxy that makes a transaction.
 */
@BackgroundJob(queue = "mailers")
class WelcomeCustomerJob extends AbstractCustomerJob<WelcomeCustomer> {

	private final Welcomed welcomed;

	WelcomeCustomerJob(CustomerRepository customers, Welcomed welcomed) {
		super(customers);
		this.welcomed = welcomed;
	}

	@Override
	@Transactional
	public void handle(WelcomeCustomer payload, JobAttempt attempt) {
		super.handle(payload, attempt);
		this.welcomed.add(payload.name());
	}

	@Override
	String name(WelcomeCustomer payload) {
		return payload.name();
	}

	@Override
	void change(Customer customer) {
		customer.welcome();
	}

}
