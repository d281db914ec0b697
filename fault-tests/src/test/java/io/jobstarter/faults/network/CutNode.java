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
 */
record CutNode(NodeProcess node, TcpProxy proxy) implements AutoCloseable {

	static CutNode start(Fleet fleet, FleetDatabase database) {
		TcpProxy proxy = database.proxy();
		return new CutNode(fleet.start(NodeOptions.NONE.through(proxy)), proxy);
	}

	/**
	 * Counts the bodies that the node has started.
	 * @param database where the ledger is
	 * @param since from when on, by the database's clock
	 * @return how many
	 */
	int started(FleetDatabase database, Instant since) {
		Integer count = database.jdbc()
			.queryForObject("select count(*) from ledger where pid = ? and started_at > cast(? as timestamptz)",
					Integer.class, this.node.pid(), since.toString());
		return (count != null) ? count : 0;
	}

	@Override
	public void close() {
		this.proxy.close();
	}

}
