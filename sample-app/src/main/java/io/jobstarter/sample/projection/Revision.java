package io.jobstarter.sample.projection;

import java.time.Instant;
import java.util.Comparator;
import java.util.UUID;

import jakarta.persistence.Column;
import jakarta.persistence.Embeddable;

/**
 * Which of two deliveries tells the newer state of a thing. GitHub does not deliver in
 * order, nor do jobs run in order, so every delivery must find the same winner whenever
 * it comes.
 *
 * @param updatedAt when GitHub changed the thing. It knows seconds only
 * @param finality how final the state is: within one second, a thing is rather closed
 * than opened again; and what was deleted stays deleted
 * @param deliveryId what decides when nothing else does: arbitrary, but the same for
 * everybody
 */
@Embeddable
record Revision(@Column(name = "updated_at") Instant updatedAt, @Column(name = "finality") int finality,
		@Column(name = "delivery_id") UUID deliveryId) implements Comparable<Revision> {

	static final int OPEN = 0;

	static final int CLOSED = 1;

	static final int MERGED = 2;

	static final int GONE = 3;

	private static final Comparator<Revision> ORDER = Comparator.comparing(Revision::isGone)
		.thenComparing(Revision::updatedAt)
		.thenComparing(Revision::finality)
		.thenComparing(Revision::deliveryId);

	boolean isGone() {
		return this.finality == GONE;
	}

	boolean isNewerThan(Revision other) {
		return compareTo(other) > 0;
	}

	@Override
	public int compareTo(Revision other) {
		return ORDER.compare(this, other);
	}

}
