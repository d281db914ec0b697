package io.jobstarter.benchmarks.server;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

import org.jspecify.annotations.Nullable;

import org.springframework.jdbc.core.JdbcTemplate;

/**
 * The processes of a PostgreSQL on this machine, seen through {@code /proc}.
 */
final class ServerProcesses {

	private static final Path PROC = Path.of("/proc");

	// USER_HZ, which is 100 wherever Linux runs Java.
	private static final long MICROS_PER_TICK = 10_000;

	private final @Nullable Long postmaster;

	private ServerProcesses(@Nullable Long postmaster) {
		this.postmaster = postmaster;
	}

	/**
	 * Finds them by the backend of a connection, if it is a process of this machine.
	 * @param jdbc the connection
	 * @return the processes
	 */
	static ServerProcesses of(JdbcTemplate jdbc) {
		Long backend = jdbc.queryForObject("select pg_backend_pid()", Long.class);
		return new ServerProcesses(
				stat(String.valueOf(backend)).filter(Stat::isPostgres).map(Stat::parent).orElse(null));
	}

	boolean isReadable() {
		return this.postmaster != null;
	}

	/**
	 * The CPU time of the server, its backends that have ended included.
	 * @return microseconds, or null if that cannot be seen
	 */
	@Nullable Long cpuMicros() {
		if (this.postmaster == null) {
			return null;
		}
		long ticks = stat(String.valueOf(this.postmaster)).map(Stat::withEndedChildren).orElse(0L);
		for (String pid : children()) {
			ticks += stat(pid).map(Stat::own).orElse(0L);
		}
		return ticks * MICROS_PER_TICK;
	}

	private List<String> children() {
		String pid = String.valueOf(this.postmaster);
		return read(PROC.resolve(pid).resolve("task").resolve(pid).resolve("children"))
			.map((line) -> List.of(line.trim().split(" ")))
			.orElse(List.of());
	}

	private static Optional<Stat> stat(String pid) {
		return read(PROC.resolve(pid).resolve("stat")).map(Stat::parse);
	}

	private static Optional<String> read(Path file) {
		try {
			return Optional.of(Files.readString(file));
		}
		catch (IOException ex) {
			return Optional.empty();
		}
	}

	/**
	 * A line of {@code /proc/<pid>/stat}.
	 *
	 * @param name the program
	 * @param parent the parent's id
	 * @param own ticks of its own
	 * @param endedChildren ticks of children that have ended
	 */
	record Stat(String name, long parent, long own, long endedChildren) {

		static Stat parse(String line) {
			int open = line.indexOf('(');
			int close = line.lastIndexOf(')');
			// From the state on, which proc(5) counts as the third.
			String[] fields = line.substring(close + 2).split(" ");
			return new Stat(line.substring(open + 1, close), Long.parseLong(fields[1]),
					Long.parseLong(fields[11]) + Long.parseLong(fields[12]),
					Long.parseLong(fields[13]) + Long.parseLong(fields[14]));
		}

		boolean isPostgres() {
			return this.name.startsWith("postgres");
		}

		long withEndedChildren() {
			return this.own + this.endedChildren;
		}

	}

}
