package io.jobstarter.faults.network;

import java.time.Duration;
import java.util.Random;

import io.jobstarter.faults.fleet.TcpProxy;
import io.jobstarter.faults.fleet.TcpProxy.Direction;

/**
 * What happens to a network.
 *
 * @param kind what
 * @param direction in which direction, where that makes a difference
 * @param length for how long, and as many bytes as milliseconds where bytes count
 */
record NetworkFault(Kind kind, Direction direction, Duration length) {

	/**
	 * Chooses one.
	 * @param random decides
	 * @param longest how long it lasts at most
	 * @return the fault
	 */
	static NetworkFault choose(Random random, Duration longest) {
		Kind kind = Kind.values()[random.nextInt(Kind.values().length)];
		Direction direction = random.nextBoolean() ? Direction.TO_SERVER : Direction.TO_CLIENT;
		return new NetworkFault(kind, direction, longest.multipliedBy(1 + random.nextInt(100)).dividedBy(100));
	}

	void strike(TcpProxy proxy) {
		switch (this.kind) {
			case RESET -> proxy.reset();
			case REFUSE -> proxy.refuse();
			case BLACKHOLE -> proxy.blackhole(this.direction);
			case BLACKHOLE_BOTH_WAYS -> proxy.blackhole();
			case CUT -> proxy.cutAfter(this.direction, this.length.toMillis());
			case DELAY -> proxy.delay(this.direction, this.length.dividedBy(20));
			case LOST_COMMIT -> proxy.dropReply(TcpProxy.REPLY_TO_COMMIT);
		}
	}

	/**
	 * What can happen.
	 */
	enum Kind {

		/** All connections are reset, once. */
		RESET,

		/** All connections are reset, and new ones as well. */
		REFUSE,

		/** What is sent in a direction is swallowed. */
		BLACKHOLE,

		/** All is swallowed. */
		BLACKHOLE_BOTH_WAYS,

		/** Connections are reset in the midst of what is sent. */
		CUT,

		/** What is sent arrives late. */
		DELAY,

		/** The server commits, and its reply is lost. */
		LOST_COMMIT

	}

}
