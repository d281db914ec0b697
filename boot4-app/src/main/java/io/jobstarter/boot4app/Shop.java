package io.jobstarter.boot4app;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

import io.jobstarter.JobClient;
import io.jobstarter.JobId;
import io.jobstarter.boot4app.ConfirmOrder.Item;

import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Transactional;

/**
 * Takes orders: the order and its job are one transaction.
 */
@Service
class Shop {

	static final Instant NOON = Instant.parse("2026-01-01T12:00:00.123456Z");

	private final JdbcClient database;

	private final JobClient jobs;

	Shop(JdbcClient database, JobClient jobs) {
		this.database = database;
		this.jobs = jobs;
	}

	@Transactional
	public Placed place(long orderId, String customer) {
		this.database.sql("insert into orders (id, customer) values (:id, :customer)")
			.param("id", orderId)
			.param("customer", customer)
			.update();
		ConfirmOrder confirm = new ConfirmOrder(orderId, NOON, Duration.ofHours(36), List.of(new Item("tea", 2)),
				Optional.of("no hurry"));
		return new Placed(this.jobs.enqueue(confirm).id(), confirm);
	}

	@Transactional
	public void placeWithoutMoney(long orderId, String customer) {
		place(orderId, customer);
		throw new IllegalArgumentException(customer + " has no money");
	}

	int confirmations(long orderId) {
		return this.database.sql("select confirmations from orders where id = :id")
			.param("id", orderId)
			.query(Integer.class)
			.single();
	}

	/**
	 * What was placed.
	 *
	 * @param jobId the job that confirms it
	 * @param confirm its payload
	 */
	record Placed(JobId jobId, ConfirmOrder confirm) {
	}

}
