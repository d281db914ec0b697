package io.jobstarter.testdatabases;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.ProcessBuilder.Redirect;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/**
 * The process of a running PgBouncer.
 */
final class PgBouncerProcess {

	private static final Duration PATIENCE = Duration.ofSeconds(30);

	static final String PROGRAM = "pgbouncer";

	private final ServerDirectory directory;

	private final Process process;

	private PgBouncerProcess(ServerDirectory directory, Process process) {
		this.directory = directory;
		this.process = process;
	}

	/**
	 * Starts a pooler and does not wait until it is {@link #awaitReady(int) ready}.
	 * @param host as whom to run it: it refuses to be run by root
	 * @param directory where its files go
	 * @param configuration the contents of {@code pgbouncer.ini}
	 * @return the process
	 */
	static PgBouncerProcess launch(ServerHost host, ServerDirectory directory, String configuration) {
		String program = InstalledServers.find(PROGRAM)
			.orElseThrow(() -> new IllegalStateException("PgBouncer is not installed"))
			.toString();
		try {
			Path file = Files.writeString(directory.root().resolve("pgbouncer.ini"), configuration);
			SafeFiles.openToReaders(file, false);
			ProcessBuilder command = new ProcessBuilder(host.account().commandLine(List.of(program, file.toString())));
			// The account may be unable to enter the current directory of the JVM.
			command.directory(host.workspace().toFile()).redirectErrorStream(true);
			return new PgBouncerProcess(directory,
					command.redirectOutput(Redirect.appendTo(directory.log().toFile())).start());
		}
		catch (IOException ex) {
			throw new UncheckedIOException("Could not run " + program, ex);
		}
	}

	long pid() {
		return this.process.pid();
	}

	/**
	 * Waits until the pooler accepts connections.
	 * @param port the port that it listens on
	 * @throws IllegalStateException if it ends or takes too long; it does not run then
	 */
	void awaitReady(int port) {
		boolean decided = Processes.await(() -> !this.process.isAlive() || accepts(port), PATIENCE);
		if (!this.process.isAlive()) {
			throw this.directory.failure("PgBouncer ended with " + this.process.exitValue());
		}
		if (!decided) {
			kill();
			throw this.directory.failure("PgBouncer is not ready after " + PATIENCE);
		}
	}

	/**
	 * Ends the pooler without waiting for its clients.
	 */
	void stop() {
		this.process.destroy();
		awaitEnd();
	}

	void kill() {
		this.process.destroyForcibly();
		awaitEnd();
	}

	private void awaitEnd() {
		if (!Processes.await(() -> !this.process.isAlive(), PATIENCE)) {
			throw this.directory.failure("PgBouncer has not ended after " + PATIENCE);
		}
	}

	private static boolean accepts(int port) {
		try (Socket socket = new Socket(InetAddress.getByName("127.0.0.1"), port)) {
			return socket.isConnected();
		}
		catch (IOException ex) {
			return false;
		}
	}

}
