package io.jobstarter.testdatabases;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.ProcessBuilder.Redirect;
import java.time.Duration;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The process of a running server, and the children that it forks.
 */
final class Postmaster {

	private static final Duration PATIENCE = Duration.ofSeconds(60);

	private final ServerProgram program;

	private final ServerDirectory directory;

	private final Process process;

	private final int port;

	private Set<ProcessHandle> suspended = Set.of();

	private Postmaster(ServerProgram program, ServerDirectory directory, Process process, int port) {
		this.program = program;
		this.directory = directory;
		this.process = process;
		this.port = port;
	}

	/**
	 * Starts a server and does not wait until it is {@link #awaitReady() ready}.
	 * @param program the server
	 * @param directory its data
	 * @param port the port to listen on
	 * @return the process
	 */
	static Postmaster launch(ServerProgram program, ServerDirectory directory, int port) {
		try {
			Process process = program.serve(directory, port)
				.redirectOutput(Redirect.appendTo(directory.log().toFile()))
				.start();
			return new Postmaster(program, directory, process, port);
		}
		catch (IOException ex) {
			throw new UncheckedIOException("Could not run " + program.name(), ex);
		}
	}

	long pid() {
		return this.process.pid();
	}

	boolean isRunning() {
		return this.process.isAlive();
	}

	int port() {
		return this.port;
	}

	/**
	 * Waits until the server accepts connections.
	 * @throws IllegalStateException if it ends or takes too long; it does not run then
	 */
	void awaitReady() {
		boolean decided = Processes.await(() -> !this.process.isAlive() || isReady(), PATIENCE);
		if (!this.process.isAlive()) {
			throw this.directory.failure(this.program.name() + " ended with " + this.process.exitValue());
		}
		if (!decided) {
			crash();
			throw this.directory.failure(this.program.name() + " is not ready after " + PATIENCE);
		}
	}

	private boolean isReady() {
		return this.program.isReady(this.directory, pid(), this.port);
	}

	/**
	 * Sends the server a signal, and does not wait for what comes of it.
	 * @param name the signal's name
	 */
	void send(String name) {
		signal(name, List.of(this.process.toHandle()));
	}

	/**
	 * Ends the server in an orderly way that does not wait for its clients.
	 * @throws IllegalStateException if it takes too long
	 */
	void stop() {
		resume();
		signal(this.program.stopSignal(), List.of(this.process.toHandle()));
		if (!Processes.await(() -> !this.process.isAlive(), PATIENCE)) {
			throw this.directory.failure(this.program.name() + " has not stopped after " + PATIENCE);
		}
	}

	/**
	 * Kills all processes of the server and waits until they are gone, as the next server
	 * refuses to start on the data while one of them is left.
	 * @throws IllegalStateException if one survives
	 */
	void crash() {
		Set<ProcessHandle> family = Platform.isWindows() ? family() : suspendFamily();
		family.forEach(ProcessHandle::destroyForcibly);
		if (!Processes.await(() -> family.stream().noneMatch(Processes::isRunning), PATIENCE)) {
			throw this.directory.failure(this.program.name() + " has survived being killed");
		}
	}

	/**
	 * Freezes all processes of the server.
	 * @return their ids, the postmaster's first
	 * @throws UnsupportedOperationException on Windows
	 */
	List<Long> suspend() {
		if (Platform.isWindows()) {
			throw new UnsupportedOperationException("Windows cannot suspend a process");
		}
		this.suspended = suspendFamily();
		return this.suspended.stream().map(ProcessHandle::pid).toList();
	}

	/**
	 * Lets the frozen processes go on, if there are any.
	 */
	void resume() {
		signal("CONT", this.suspended);
		this.suspended = Set.of();
	}

	// The postmaster first, so that it forks no more; then children until none is new, as
	// a fork may have been under way.
	private Set<ProcessHandle> suspendFamily() {
		Set<ProcessHandle> stopped = new LinkedHashSet<>();
		Set<ProcessHandle> found = Set.of(this.process.toHandle());
		while (!found.isEmpty()) {
			signal("STOP", found);
			stopped.addAll(found);
			found = family();
			found.removeAll(stopped);
		}
		return stopped;
	}

	private Set<ProcessHandle> family() {
		Set<ProcessHandle> family = new LinkedHashSet<>();
		family.add(this.process.toHandle());
		this.process.children().forEach(family::add);
		return family;
	}

	private void signal(String name, Collection<ProcessHandle> targets) {
		String pids = targets.stream()
			.filter(ProcessHandle::isAlive)
			.map((target) -> String.valueOf(target.pid()))
			.collect(Collectors.joining(" "));
		if (!pids.isEmpty()) {
			run(this.program.kill(name, pids));
		}
	}

	private void run(ProcessBuilder kill) {
		try {
			Processes.run(kill, Redirect.DISCARD);
		}
		catch (IOException ex) {
			throw new UncheckedIOException("Could not run " + kill.command(), ex);
		}
	}

}
