package io.jobstarter.shop;

import org.springframework.data.jpa.repository.JpaRepository;

/**
 * The customers.
 */
interface CustomerRepository extends JpaRepository<Customer, String> {

}
