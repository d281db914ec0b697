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

	private final Process process;

	private final Path log;

	private NodeProcess(Process process, Path log) {
		this.process = process;
		this.log = log;
	}

	static NodeProcess start(FleetDatabase database, String... settings) {
		try {
			Path log = Files.createTempFile("node-", ".log");
			List<String> command = new ArrayList<>(
					List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-Xmx192m",
							"-XX:TieredStopAtLevel=1", "-cp", System.getProperty("java.class.path"),
							NodeApplication.class.getName(), "--spring.datasource.url=" + database.url(),
							"--spring.datasource.username=" + database.username(), "--spring.datasource.password="));
			command.addAll(List.of(settings));
			Process process = new ProcessBuilder(command).redirectErrorStream(true)
				.redirectOutput(log.toFile())
				.start();
			return new NodeProcess(process, log);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
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
		this.process.destroy();
		awaitEnd();
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
		this.log.toFile().delete();
	}

}
