package io.jobstarter.autoconfigure.person;

import jakarta.persistence.Entity;
import jakarta.persistence.Id;

/**
 * What an application keeps beside its jobs.
 */
@Entity
public class Customer {

	@Id
	private String name;

	protected Customer() {
	}

	public Customer(String name) {
		this.name = name;
	}

	public String getName() {
		return this.name;
	}

}
