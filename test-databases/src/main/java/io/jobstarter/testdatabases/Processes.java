package io.jobstarter.testdatabases;

import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.function.BooleanSupplier;

/**
 * Runs and awaits processes.
 */
final class Processes {

	private static final Duration POLL_INTERVAL = Duration.ofMillis(5);

	private Processes() {
	}

	/**
	 * Runs a command to its end.
	 * @param command the command
	 * @param output where its output and errors go
	 * @return its exit code
	 * @throws IOException if there is no such command
	 */
	static int run(ProcessBuilder command, Redirect output) throws IOException {
		try {
			return command.redirectErrorStream(true).redirectOutput(output).start().waitFor();
		}
		catch (InterruptedException ex) {
			throw interrupted(ex);
		}
	}

	/**
	 * Waits for a condition.
	 * @param condition the condition
	 * @param patience how long to wait at most
	 * @return whether it came true in time
	 */
	static boolean await(BooleanSupplier condition, Duration patience) {
		long start = System.nanoTime();
		while (!condition.getAsBoolean()) {
			if (System.nanoTime() - start > patience.toNanos()) {
				return false;
			}
			pause();
		}
		return true;
	}

	/**
	 * Whether a process still runs. A zombie does not: in a container, the first process
	 * may never collect the orphans that a killed server leaves to it.
	 * @param process the process
	 * @return whether it runs
	 */
	static boolean isRunning(ProcessHandle process) {
		return process.isAlive() && !isZombie(process.pid());
	}

	// The state follows the name in parentheses, see proc_pid_stat(5).
	private static boolean isZombie(long pid) {
		try {
			String stat = Files.readString(Path.of("/proc", Long.toString(pid), "stat"));
			return stat.startsWith("Z", stat.lastIndexOf(')') + 2);
		}
		catch (IOException ex) {
			return false;
		}
	}

	private static void pause() {
		try {
			Thread.sleep(POLL_INTERVAL.toMillis());
		}
		catch (InterruptedException ex) {
			throw interrupted(ex);
		}
	}

	private static IllegalStateException interrupted(InterruptedException cause) {
		Thread.currentThread().interrupt();
		return new IllegalStateException("Interrupted while waiting for a process", cause);
	}

}
