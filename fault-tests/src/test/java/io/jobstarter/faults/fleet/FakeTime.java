package io.jobstarter.faults.fleet;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import io.jobstarter.testdatabases.InstalledServers;

/**
 * The library that gives a process a clock of its own, where it is installed.
 */
public final class FakeTime {

	/** Its name among the programs that a build may require. */
	public static final String NAME = "faketime";

	private static final String LIBRARY = "faketime/libfaketimeMT.so.1";

	private static final List<Path> DIRECTORIES = List.of(Path.of("/usr/lib/x86_64-linux-gnu"),
			Path.of("/usr/lib/aarch64-linux-gnu"), Path.of("/usr/lib64"), Path.of("/usr/lib"));

	private FakeTime() {
	}

	/**
	 * Tells whether it is installed. If not, its tests are to be skipped.
	 * @return whether it is
	 * @throws IllegalStateException if it is not, and the build requires it
	 */
	public static boolean isInstalled() {
		return InstalledServers.have(NAME, NAME) && library().isPresent();
	}

	// Not by the program of that name: it would be the process that is killed.
	static Map<String, String> environment(String offset) {
		Path library = library().orElseThrow(() -> new IllegalStateException("faketime is not installed"));
		// Without the last, the JVM's timed waits end at once, and it spins.
		return Map.of("LD_PRELOAD", library.toString(), "FAKETIME", offset, "FAKETIME_DONT_FAKE_MONOTONIC", "1",
				"FAKETIME_DONT_RESET", "1", "FAKETIME_FORCE_MONOTONIC_FIX", "0");
	}

	/**
	 * Makes an environment for a server whose clock can be set while it runs.
	 * @param offset a file that says how wrong it is, as {@code faketime} takes it
	 * @return the variables; a changed file is noticed within a second
	 */
	public static Map<String, String> environmentOf(Path offset) {
		Map<String, String> environment = new HashMap<>(environment(""));
		environment.remove("FAKETIME");
		environment.put("FAKETIME_TIMESTAMP_FILE", offset.toString());
		environment.put("FAKETIME_CACHE_DURATION", "1");
		return environment;
	}

	private static Optional<Path> library() {
		return DIRECTORIES.stream()
			.map((directory) -> directory.resolve(LIBRARY))
			.filter(Files::isRegularFile)
			.findFirst();
	}

}
