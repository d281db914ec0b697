package io.jobstarter.testdatabases;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The directory of one server: its data and its log.
 */
final class ServerDirectory {

	// Line numbers of postmaster.pid, as in PostgreSQL's src/include/utils/pidfile.h.
	private static final int PID_LINE = 0;

	private static final int STATUS_LINE = 7;

	// The latter of a server that only reads.
	private static final Set<String> READY = Set.of("ready", "standby");

	private static final int TAIL_LINES = 40;

	private final Path root;

	private ServerDirectory(Path root) {
		this.root = root;
	}

	/**
	 * Creates an empty directory that the server's account can use.
	 * @param host where to create it
	 * @return the directory
	 */
	static ServerDirectory create(ServerHost host) {
		try {
			Path root = Files.createTempDirectory(host.workspace(), "server-");
			SafeFiles.openToReaders(root, true);
			ServerDirectory directory = new ServerDirectory(root);
			host.account().give(Files.createDirectory(directory.data()));
			return directory;
		}
		catch (IOException ex) {
			throw new UncheckedIOException("Could not create a data directory in " + host.workspace(), ex);
		}
	}

	Path root() {
		return this.root;
	}

	Path data() {
		return this.root.resolve("data");
	}

	/**
	 * The file that tells the process of the server, and whose absence tells the
	 * {@link Reaper} that it has ended.
	 * @return the file, named as PostgreSQL does
	 */
	Path pidFile() {
		return data().resolve("postmaster.pid");
	}

	Path log() {
		return this.root.resolve("server.log");
	}

	/**
	 * Creates the data of a new server.
	 * @param binaries the programs of the server
	 * @param superuser the name of the superuser
	 * @param settings server settings that win over the launcher's own
	 * @throws IllegalStateException if {@code initdb} fails; the message ends with its
	 * output
	 */
	void initialize(PostgresBinaries binaries, String superuser, Map<String, String> settings) {
		ProcessBuilder initdb = binaries.command("initdb", "--pgdata=" + data(), "--username=" + superuser,
				"--auth=trust", "--encoding=UTF8", "--locale=C", "--no-sync", "--no-instructions");
		try {
			int exit = Processes.run(initdb, Redirect.to(log().toFile()));
			if (exit != 0) {
				throw failure("initdb ended with " + exit);
			}
			Files.writeString(data().resolve("postgresql.conf"), configuration(settings), StandardOpenOption.APPEND);
		}
		catch (IOException ex) {
			throw new UncheckedIOException("Could not initialize " + data(), ex);
		}
	}

	/**
	 * Takes over the data of a server that does not run.
	 * @param host as whom the new server runs
	 * @param original the other server's directory
	 */
	void copy(ServerHost host, ServerDirectory original) {
		try (Stream<Path> tree = Files.walk(original.data())) {
			for (Path from : (Iterable<Path>) tree::iterator) {
				Path to = data().resolve(original.data().relativize(from).toString());
				// The directory itself is there.
				if (!from.equals(original.data())) {
					Files.copy(from, to, StandardCopyOption.COPY_ATTRIBUTES);
					host.account().give(to);
				}
			}
			if (!Platform.isWindows()) {
				Files.setPosixFilePermissions(data(), Files.getPosixFilePermissions(original.data()));
			}
		}
		catch (IOException ex) {
			throw new UncheckedIOException("Could not copy " + original.data(), ex);
		}
	}

	/**
	 * Lets the next start of PostgreSQL be that of a standby, which only reads.
	 * @param host as whom it runs
	 * @param primary how it reaches the server that it follows, or an empty text if it
	 * follows none
	 */
	void makeStandby(ServerHost host, String primary) {
		try {
			Path signal = data().resolve("standby.signal");
			if (Files.notExists(signal)) {
				host.account().give(Files.createFile(signal));
			}
			Files.writeString(data().resolve("postgresql.conf"), line(Map.entry("primary_conninfo", primary)) + "\n",
					StandardOpenOption.APPEND);
		}
		catch (IOException ex) {
			throw new UncheckedIOException("Could not make a standby of " + data(), ex);
		}
	}

	/**
	 * Whether a postmaster has written that it accepts connections.
	 * @param pid the id of its process; what another has left behind does not count
	 * @return whether it is ready
	 */
	boolean tellsReady(long pid) {
		try {
			List<String> lines = Files.readAllLines(pidFile());
			return lines.size() > STATUS_LINE && lines.get(PID_LINE).equals(Long.toString(pid))
					&& READY.contains(lines.get(STATUS_LINE).strip());
		}
		catch (IOException ex) {
			return false;
		}
	}

	/**
	 * An exception that tells what the server wrote last.
	 * @param message what went wrong
	 * @return the exception, to be thrown
	 */
	IllegalStateException failure(String message) {
		return new IllegalStateException(message + "; its log ends with:\n" + logTail());
	}

	private String logTail() {
		try {
			List<String> lines = new String(Files.readAllBytes(log()), StandardCharsets.UTF_8).lines().toList();
			return String.join("\n", lines.subList(Math.max(0, lines.size() - TAIL_LINES), lines.size()));
		}
		catch (IOException ex) {
			return "(unreadable: " + ex + ")";
		}
	}

	private static String configuration(Map<String, String> settings) {
		Map<String, String> all = new LinkedHashMap<>();
		all.put("listen_addresses", "127.0.0.1");
		all.put("unix_socket_directories", "");
		all.put("max_connections", "200");
		all.put("synchronous_commit", "on");
		all.put("fsync", "off");
		// In the data directory, where a killed server's files are deleted with the rest.
		all.put("dynamic_shared_memory_type", Platform.isWindows() ? "windows" : "mmap");
		all.putAll(settings);
		return all.entrySet().stream().map(ServerDirectory::line).collect(Collectors.joining("\n", "\n", "\n"));
	}

	private static String line(Map.Entry<String, String> setting) {
		return setting.getKey() + " = '" + setting.getValue().replace("\\", "\\\\").replace("'", "''") + "'";
	}

}
