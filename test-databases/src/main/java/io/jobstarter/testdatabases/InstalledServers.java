package io.jobstarter.testdatabases;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;

/**
 * Servers that are not brought along but have to be installed on the machine. A test
 * skips itself where one is missing, which a build must not do unnoticed: those that the
 * environment variable {@value #REQUIRED_VARIABLE} names have to be there.
 */
public final class InstalledServers {

	/**
	 * Names, separated by commas, the servers whose tests must not be skipped, such as
	 * {@code mariadb,pgbouncer}.
	 */
	public static final String REQUIRED_VARIABLE = "JOB_STARTER_REQUIRED_SERVERS";

	/**
	 * The system property that names the directories to look for programs in, separated
	 * as in {@code PATH}, instead of the usual ones.
	 */
	public static final String DIRECTORIES_PROPERTY = "io.jobstarter.testdatabases.directories";

	// What is meant for administrators is often not in the path of others.
	private static final List<String> DIRECTORIES = List.of("/usr/sbin", "/usr/bin", "/usr/local/sbin",
			"/usr/local/bin", "/opt/homebrew/bin");

	private InstalledServers() {
	}

	/**
	 * Whether the programs of a server are installed, so that its tests can run.
	 * @param server the server's name in {@value #REQUIRED_VARIABLE}
	 * @param programs the names of its programs
	 * @return whether all are there
	 * @throws IllegalStateException if one is missing and the server is required
	 */
	public static boolean have(String server, String... programs) {
		return have(System.getenv(REQUIRED_VARIABLE), server, List.of(programs));
	}

	static boolean have(@Nullable String required, String server, List<String> programs) {
		List<String> missing = programs.stream().filter((program) -> find(program).isEmpty()).toList();
		if (!missing.isEmpty() && isNamed(required, server)) {
			throw new IllegalStateException("Found no " + String.join(" and no ", missing) + " in " + directories()
					+ ", although " + REQUIRED_VARIABLE + " names " + server + ": install it, or take it off the list");
		}
		return missing.isEmpty();
	}

	private static boolean isNamed(@Nullable String required, String server) {
		return required != null && Arrays.stream(required.split(",")).map(String::strip).anyMatch(server::equals);
	}

	/**
	 * Finds an installed program.
	 * @param program its name
	 * @return its path, or empty if it is not installed
	 */
	public static Optional<Path> find(String program) {
		return directories().stream()
			.map((directory) -> directory.resolve(program))
			.filter(Files::isExecutable)
			.findFirst();
	}

	private static List<Path> directories() {
		String chosen = System.getProperty(DIRECTORIES_PROPERTY);
		if (chosen != null) {
			return split(chosen).toList();
		}
		String path = System.getenv("PATH");
		return Stream.concat(split((path != null) ? path : ""), DIRECTORIES.stream().map(Path::of)).distinct().toList();
	}

	private static Stream<Path> split(String directories) {
		return Arrays.stream(directories.split(File.pathSeparator)).filter((each) -> !each.isBlank()).map(Path::of);
	}

}
