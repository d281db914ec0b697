package io.jobstarter.testdatabases;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;

/**
 * A reaper for systems without a shell. It does not act when the JVM is killed.
 */
final class ShutdownHookReaper implements Reaper {

	private static final Duration PATIENCE = Duration.ofSeconds(10);

	private final ServerDirectory directory;

	private List<Long> pids = List.of();

	ShutdownHookReaper(ServerDirectory directory) {
		this.directory = directory;
		Runtime.getRuntime().addShutdownHook(new Thread(this::close));
	}

	@Override
	public synchronized void watch(List<Long> pids) {
		this.pids = List.copyOf(pids);
	}

	@Override
	public synchronized void close() {
		List<ProcessHandle> family = this.pids.stream()
			.flatMap((pid) -> ProcessHandle.of(pid).stream())
			.flatMap((postmaster) -> Stream.concat(Stream.of(postmaster), postmaster.descendants()))
			.toList();
		family.forEach(ProcessHandle::destroyForcibly);
		Processes.await(() -> family.stream().noneMatch(ProcessHandle::isAlive), PATIENCE);
		this.pids = List.of();
		try {
			SafeFiles.deleteTree(this.directory.root());
		}
		catch (IOException ex) {
			throw new UncheckedIOException("Could not delete " + this.directory.root(), ex);
		}
	}

}
