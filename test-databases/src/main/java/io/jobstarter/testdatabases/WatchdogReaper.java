package io.jobstarter.testdatabases;

import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Collectors;

/**
 * A reaper that is a process of its own and acts when its input ends. The system sees to
 * that even when the JVM is killed, and not before the JVM's shutdown hooks are done:
 * application contexts that they close still find their database.
 */
final class WatchdogReaper implements Reaper {

	// The last line of the input holds the processes to end. An immediate shutdown (QUIT)
	// of PostgreSQL removes the shared memory and postmaster.pid; after a crash they are
	// still there,
	// and line 7 of the file tells the id of the memory. Waiting looks at the file too,
	// as the first process of a container may never collect an orphaned postmaster.
	private static final String SCRIPT = """
			trap '' HUP INT TERM
			cd /
			signal=$1
			pids=
			while read -r line; do pids=$line; done
			set -- $pids
			if [ $# -gt 0 ]; then
				kill -s "$signal" "$1"
				kill -s CONT "$@"
				tries=0
				while kill -s 0 "$1" && [ -e "$0/data/postmaster.pid" ] && [ $tries -lt 200 ]; do
					sleep 0.05 || sleep 1
					tries=$((tries + 1))
				done
				[ $tries -lt 200 ] || kill -s KILL "$@"
			fi
			set -- $(sed -n 7p "$0/data/postmaster.pid")
			[ $# -ne 2 ] || ipcrm -m "$2"
			rm -rf "$0"
			""";

	private final Process watchdog;

	private final PrintStream input;

	WatchdogReaper(ServerDirectory directory, String signal) {
		try {
			this.watchdog = new ProcessBuilder("sh", "-c", SCRIPT, directory.root().toString(), signal)
				.redirectOutput(Redirect.DISCARD)
				.redirectError(Redirect.DISCARD)
				.start();
		}
		catch (IOException ex) {
			throw new UncheckedIOException("Could not start the watchdog", ex);
		}
		this.input = new PrintStream(this.watchdog.getOutputStream(), true, StandardCharsets.US_ASCII);
	}

	@Override
	public void watch(List<Long> pids) {
		this.input.println(pids.stream().map(String::valueOf).collect(Collectors.joining(" ")));
	}

	@Override
	public void close() {
		this.input.close();
		try {
			this.watchdog.waitFor();
		}
		catch (InterruptedException ex) {
			// The watchdog goes on without us.
			Thread.currentThread().interrupt();
		}
	}

}
