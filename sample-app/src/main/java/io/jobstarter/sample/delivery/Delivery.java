package io.jobstarter.sample.delivery;

import java.time.Instant;
import java.util.UUID;

import io.jobstarter.sample.persistence.AssignedIdEntity;
import jakarta.persistence.Entity;
import jakarta.persistence.EnumType;
import jakarta.persistence.Enumerated;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import org.hibernate.annotations.JdbcTypeCode;
import org.hibernate.type.SqlTypes;
import org.jspecify.annotations.Nullable;

/**
 * A delivery as GitHub sent it. Its primary key is what makes a redelivery a duplicate.
 */
@Entity
@Table(name = "delivery")
class Delivery extends AssignedIdEntity<UUID> {

	@Id
	private UUID id;

	private String event;

	private String body;

	@Enumerated(EnumType.STRING)
	@JdbcTypeCode(SqlTypes.VARCHAR)
	private DeliveryStatus status;

	private Instant receivedAt;

	private @Nullable Instant processedAt;

	private int duplicates;

	protected Delivery() {
		// for Hibernate
	}

	Delivery(IncomingDelivery incoming, DeliveryStatus status, Instant receivedAt) {
		this.id = incoming.id();
		this.event = incoming.event();
		this.body = incoming.body();
		this.status = status;
		this.receivedAt = receivedAt;
	}

	/**
	 * Notes that the delivery was processed.
	 * @param now when
	 * @return whether this was the first time
	 */
	boolean markProcessed(Instant now) {
		boolean first = this.status != DeliveryStatus.PROCESSED;
		this.status = DeliveryStatus.PROCESSED;
		this.processedAt = now;
		return first;
	}

	@Override
	public UUID getId() {
		return this.id;
	}

	String event() {
		return this.event;
	}

	String body() {
		return this.body;
	}

}
