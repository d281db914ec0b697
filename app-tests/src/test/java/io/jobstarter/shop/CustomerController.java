package io.jobstarter.shop;

import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RestController;

/**
 * The shop's web interface.
 */
@RestController
class CustomerController {

	private final Registration registration;

	CustomerController(Registration registration) {
		this.registration = registration;
	}

	@PostMapping("/customers/{name}")
	void register(@PathVariable String name) {
		this.registration.register(name);
	}

}
