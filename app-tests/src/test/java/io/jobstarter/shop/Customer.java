package io.jobstarter.shop;

import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import org.jspecify.annotations.Nullable;

/**
 * A customer.
 */
@Entity
class Customer {

	@Id
	private @Nullable String name;

	private @Nullable String greeting;

	protected Customer() {
	}

	Customer(String name) {
		this.name = name;
	}

	void welcome() {
		this.greeting = "welcomed";
	}

	@Nullable String greeting() {
		return this.greeting;
	}

}
