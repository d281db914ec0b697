package io.jobstarter.faults.network;

import java.time.Instant;

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
	 * Tells whether the node has started a job. The ledger does not tell that in time: it
	 * takes a connection of the handlers, who have their own patience.
	 * @param since from when on, by the machine's clock
	 * @return whether it has
	 */
	boolean hasStartedAJobSince(Instant since) {
		return NodeOutput.of(this.node).startsOfJobs().stream().anyMatch((at) -> at.toInstant().isAfter(since));
	}

	@Override
	public void close() {
		this.proxy.close();
	}

}
