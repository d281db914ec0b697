package io.jobstarter.faults.life;

/**
 * What the protocol rests on. The model can leave each of these out, and has to find what
 * goes wrong then.
 */
enum Guard {

	/** Whoever ends a claim compares worker and claim with the row. */
	FENCE,

	/** The claim is part of the fence, not the worker alone. */
	CLAIM_IN_FENCE,

	/** Nobody is declared dead before its lease has ended: the grace. */
	LEASE,

	/** After an outage nobody is declared dead before everybody could renew. */
	PULSE,

	/** A node believes in its lease no longer than the database does. */
	OWN_DEADLINE,

	/** What was claimed before the node's row went or its lease ended does not start. */
	TENURE,

	/** Not only before its row went: a claim that arrives late may bring that back. */
	TENURE_OF_LEASE,

	/** After a claim in doubt the node goes on under another identity. */
	ROTATION,

	/** A worker that jobs name and that has no row gets one, to be recovered. */
	ADOPTION,

	/** A permit that was given back for a claim which did not end is taken back. */
	COUNT_RESTORED,

	/** Recovery gives the permits of a dead worker back. */
	PERMITS_OF_THE_DEAD,

	/** Whoever gives a permit back lets one go that waits. */
	WAKE_UP

}
