package io.jobstarter.faults.network;

import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Comparator;
import java.util.Optional;

import io.jobstarter.faults.fleet.Fleet;
import io.jobstarter.faults.fleet.FleetDatabase;
import io.jobstarter.faults.fleet.NodeOptions;
import io.jobstarter.faults.fleet.NodeProcess;
import io.jobstarter.faults.fleet.TcpProxy;

/**
 * A node and the network between it and the database.
 *
 * @param node the node
 * @param proxy the network
 * @param queue a queue that no other node serves
 */
record CutNode(NodeProcess node, TcpProxy proxy, String queue) implements AutoCloseable {

	static CutNode start(Fleet fleet, FleetDatabase database, String queue) {
		TcpProxy proxy = database.proxy();
		NodeOptions options = NodeOptions.NONE.through(proxy)
			.with("--background-jobs.queues." + queue + ".concurrency=1");
		return new CutNode(fleet.start(options), proxy, queue);
	}

	/**
	 * Tells when the node started a job, by its own log. The ledger does not tell that in
	 * time: it takes a connection of the handlers, who have their own patience.
	 * @param time from when on, by the machine's clock
	 * @return when it did for the first time, if it has
	 */
	Optional<Instant> firstStartAfter(Instant time) {
		return NodeOutput.of(this.node)
			.startsOfJobs()
			.stream()
			.map(OffsetDateTime::toInstant)
			.filter((start) -> start.isAfter(time))
			.min(Comparator.naturalOrder());
	}

	@Override
	public void close() {
		this.proxy.close();
	}

}
