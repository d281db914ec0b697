package io.jobstarter.testdatabases;

/**
 * What one kind of server does in its own way.
 */
interface ServerProgram {

	/**
	 * What it is called in messages.
	 * @return its name
	 */
	String name();

	/**
	 * A process to be started that serves the data of a directory.
	 * @param directory the directory, whose data has been initialized
	 * @param port the port on 127.0.0.1 to listen on
	 * @return the process
	 */
	ProcessBuilder serve(ServerDirectory directory, int port);

	/**
	 * Whether a server accepts connections.
	 * @param directory its directory
	 * @param pid the id of its process; what another has left behind does not count
	 * @param port its port
	 * @return whether it is ready
	 */
	boolean isReady(ServerDirectory directory, long pid, int port);

	/**
	 * The signal on which it ends in an orderly way that does not wait for its clients.
	 * @return the signal's name
	 */
	String stopSignal();

	/**
	 * A process to be started that sends a signal.
	 * @param signal the signal's name
	 * @param pids the processes to send it to, separated by spaces
	 * @return the process
	 */
	// The JDK knows only the signals TERM and KILL.
	default ProcessBuilder kill(String signal, String pids) {
		return new ProcessBuilder("sh", "-c", "kill -s " + signal + " " + pids);
	}

}
