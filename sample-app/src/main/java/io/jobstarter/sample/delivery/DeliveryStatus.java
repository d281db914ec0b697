package io.jobstarter.sample.delivery;

/**
 * How far a delivery is.
 */
public enum DeliveryStatus {

	/** Stored; its job has not succeeded yet. */
	WAITING,

	/** Its job has succeeded. */
	PROCESSED,

	/** Stored, but of an event that GitHub did not have when this was written. */
	IGNORED

}
