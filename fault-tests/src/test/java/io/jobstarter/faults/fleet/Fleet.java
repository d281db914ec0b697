package io.jobstarter.faults.fleet;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import org.awaitility.Awaitility;

/**
 * The nodes that work on a database. Their logs stay in {@code target/nodes}.
 */
public final class Fleet implements AutoCloseable {

	private static final Duration START = Duration.ofSeconds(120);

	private final FleetDatabase database;

	private final List<String> settings;

	private final Path logs;

	private final List<NodeProcess> nodes = new ArrayList<>();

	/**
	 * Makes a fleet without nodes.
	 * @param database what they work on
	 * @param settings what they have in common, as Spring Boot's arguments
	 */
	public Fleet(FleetDatabase database, List<String> settings) {
		this.database = database;
		this.settings = settings;
		try {
			this.logs = Files.createTempDirectory(Files.createDirectories(Path.of("target", "nodes")), "fleet-");
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/**
	 * Starts one more node.
	 * @return the node, which is not at work yet
	 */
	public NodeProcess start() {
		return start(NodeOptions.NONE);
	}

	/**
	 * Starts one more node.
	 * @param options what it has to itself
	 * @return the node, which is not at work yet
	 */
	public NodeProcess start(NodeOptions options) {
		String name = "node-" + (this.nodes.size() + 1);
		List<String> arguments = new ArrayList<>(this.database.arguments(name, options.proxy()));
		arguments.addAll(this.settings);
		arguments.addAll(options.settings());
		NodeProcess node = NodeProcess.start(name, options, arguments, this.logs.resolve(name + ".log"));
		this.nodes.add(node);
		return node;
	}

	/**
	 * Starts nodes and waits until all of them are at work.
	 * @param count how many
	 */
	public void start(int count) {
		for (int i = 0; i < count; i++) {
			start();
		}
		awaitAtWork(count);
	}

	/**
	 * Waits until nodes are at work.
	 * @param count how many there have to be
	 */
	public void awaitAtWork(int count) {
		Awaitility.await()
			.atMost(START)
			.pollInterval(Duration.ofMillis(50))
			.failFast("A node has ended", () -> alive().size() < count)
			.until(() -> atWork().size() == count);
	}

	/**
	 * Lists the nodes that hold a lease and have renewed it.
	 * @return the nodes
	 */
	public List<NodeProcess> atWork() {
		List<Long> pids = this.database.jdbc().queryForList("""
				select pid from background_job_worker
				where dead_at is null and last_seen_at > started_at
				""", Long.class);
		return alive().stream().filter((node) -> pids.contains(node.pid())).toList();
	}

	public List<NodeProcess> alive() {
		return this.nodes.stream().filter(NodeProcess::isAlive).toList();
	}

	/**
	 * Lists the nodes that there are and were.
	 * @return the nodes
	 */
	public List<NodeProcess> all() {
		return List.copyOf(this.nodes);
	}

	@Override
	public void close() {
		this.nodes.forEach(NodeProcess::close);
	}

}
