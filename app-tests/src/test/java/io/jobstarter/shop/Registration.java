package io.jobstarter.shop;

import io.jobstarter.JobClient;

import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Transactional;

/**
 * Registers customers.
 */
@Service
public class Registration {

	private final CustomerRepository customers;

	private final JobClient jobs;

	Registration(CustomerRepository customers, JobClient jobs) {
		this.customers = customers;
		this.jobs = jobs;
	}

	/**
	 * Registers a customer, who is then welcomed.
	 * @param name the customer's name
	 */
	@Transactional
	public void register(String name) {
		this.customers.save(new Customer(name));
		this.jobs.enqueue(new WelcomeCustomer(name));
	}

	/**
	 * Registers a customer in a transaction that is rolled back.
	 * @param name the customer's name
	 */
	@Transactional
	public void registerAndFail(String name) {
		register(name);
		throw new IllegalStateException("no");
	}

}
