package io.jobstarter.sample.downstream;

/**
 * How the stand-in behaves.
 */
enum DownstreamMode {

	/** It accepts (202). */
	OK,

	/** It is broken (503). */
	FAIL,

	/** It does not answer. */
	SLOW,

	/** It refuses what it is sent (422). */
	REJECT,

	/** It wants to be left alone for a second (429). */
	BUSY,

	/** It does not want to be notified any more (410). */
	GONE

}
