package io.jobstarter.testdatabases;

import java.util.List;

/**
 * Ends a server and deletes its directory: when it is closed, and at the latest when this
 * JVM is gone.
 */
interface Reaper extends AutoCloseable {

	/**
	 * The reaper of a server.
	 * @param directory the server's directory
	 * @param signal what makes the server end at once, such as {@code QUIT}
	 * @return the reaper
	 */
	static Reaper of(ServerDirectory directory, String signal) {
		return Platform.isWindows() ? new ShutdownHookReaper(directory) : new WatchdogReaper(directory, signal);
	}

	/**
	 * Tells which processes to end from now on.
	 * @param pids the id of the postmaster, followed by those of its children that must
	 * be woken in order to end; empty if the server does not run
	 */
	void watch(List<Long> pids);

	/**
	 * Ends the server and deletes its directory; both are gone afterwards. Closing again
	 * does nothing.
	 */
	@Override
	void close();

}
