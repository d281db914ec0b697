package io.jobstarter.faults;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A node in a JVM of its own.
 */
final class NodeProcess implements AutoCloseable {

	// Nodes are started all the time: what counts is how soon they work, not how fast.
	private static final List<String> JVM = List.of("-Xmx256m", "-Xshare:auto", "-XX:+UseSerialGC",
			"-XX:TieredStopAtLevel=1");

	private final String name;

	private final Process process;

	private final Path log;

	private NodeProcess(String name, Process process, Path log) {
		this.name = name;
		this.process = process;
		this.log = log;
	}

	/**
	 * Starts a node; it is at work some seconds later.
	 * @param name what the ledger and the tests call it
	 * @param arguments its settings, as Spring Boot takes them
	 * @param log where its output goes
	 * @return the node
	 */
	static NodeProcess start(String name, List<String> arguments, Path log) {
		List<String> command = new ArrayList<>();
		command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
		command.addAll(JVM);
		command.addAll(List.of("-cp", System.getProperty("java.class.path"), NodeApplication.class.getName()));
		command.add("--node.name=" + name);
		command.addAll(arguments);
		try {
			Process process = new ProcessBuilder(command).redirectErrorStream(true)
				.redirectOutput(log.toFile())
				.start();
			return new NodeProcess(name, process, log);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	String name() {
		return this.name;
	}

	long pid() {
		return this.process.pid();
	}

	boolean isAlive() {
		return this.process.isAlive();
	}

	/**
	 * Kills it as the kernel does when memory is short: SIGKILL.
	 */
	void kill() {
		this.process.destroyForcibly();
		awaitEnd();
	}

	/**
	 * Stops it as a deployment does: SIGTERM, and waits until it has ended.
	 */
	void terminate() {
		// Not the process's own method: that closes its input, which ends a node at once.
		this.process.toHandle().destroy();
		awaitEnd();
	}

	/**
	 * Stops it where it is, as a machine does that is suspended: SIGSTOP.
	 */
	void freeze() {
		signal("STOP");
	}

	/**
	 * Lets it go on after {@link #freeze()}.
	 */
	void thaw() {
		signal("CONT");
	}

	private void signal(String signal) {
		try {
			new ProcessBuilder("kill", "-" + signal, String.valueOf(pid())).start().waitFor();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		catch (InterruptedException ex) {
			throw new IllegalStateException(ex);
		}
	}

	Path logFile() {
		return this.log;
	}

	String log() {
		try {
			return Files.readString(this.log);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	private void awaitEnd() {
		try {
			if (!this.process.waitFor(60, TimeUnit.SECONDS)) {
				throw new IllegalStateException("The node does not end:\n" + log());
			}
		}
		catch (InterruptedException ex) {
			throw new IllegalStateException(ex);
		}
	}

	@Override
	public void close() {
		kill();
	}

}
