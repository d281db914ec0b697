package io.jobstarter.testdatabases;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.ProcessBuilder.Redirect;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * MariaDB, as it is installed on this machine.
 *
 * @param host as whom its programs run
 * @param install creates the data of a server
 * @param server the server
 */
record MariaDbProgram(ServerHost host, Path install, Path server) implements ServerProgram {

	static final String INSTALL = "mariadb-install-db";

	static final String SERVER = "mariadbd";

	private static final int CONNECT_MILLIS = 1_000;

	// What makes a start fast, and a crash of the machine lose data.
	private static final List<String> SETTINGS = List.of("--innodb-log-file-size=16M", "--innodb-buffer-pool-size=64M",
			"--innodb-flush-log-at-trx-commit=2", "--skip-innodb-doublewrite", "--skip-log-bin",
			"--performance-schema=OFF");

	@Override
	public String name() {
		return "MariaDB";
	}

	/**
	 * Creates the data of a new server, whose user {@code root} has no password.
	 * @param directory where
	 * @throws IllegalStateException if it fails; the message ends with the output
	 */
	void initialize(ServerDirectory directory) {
		List<String> command = new ArrayList<>(
				List.of(this.install.toString(), "--no-defaults", "--datadir=" + directory.data(),
						"--auth-root-authentication-method=normal", "--skip-test-db", "--skip-name-resolve"));
		command.addAll(SETTINGS);
		try {
			int exit = Processes.run(process(command), Redirect.to(directory.log().toFile()));
			if (exit != 0) {
				throw directory.failure(INSTALL + " ended with " + exit);
			}
		}
		catch (IOException ex) {
			throw new UncheckedIOException("Could not initialize " + directory.data(), ex);
		}
	}

	@Override
	public ProcessBuilder serve(ServerDirectory directory, int port) {
		Path data = directory.data();
		List<String> command = new ArrayList<>(List.of(this.server.toString(), "--no-defaults", "--datadir=" + data,
				"--port=" + port, "--bind-address=127.0.0.1", "--skip-networking=0", "--skip-name-resolve",
				"--socket=" + data.resolve("s"), "--pid-file=" + directory.pidFile(), "--max-connections=200",
				"--innodb-fast-shutdown=2", "--lc-messages=en_US"));
		command.addAll(SETTINGS);
		return process(command);
	}

	/**
	 * A process to be started under the server's account.
	 * @param command the program and its arguments
	 * @return the process
	 */
	ProcessBuilder process(List<String> command) {
		ProcessBuilder builder = new ProcessBuilder(this.host.account().commandLine(command));
		builder.environment().put("LC_ALL", "C");
		// The account may be unable to enter the current directory of the JVM.
		return builder.directory(this.host.workspace().toFile()).redirectErrorStream(true);
	}

	// The server writes the file before it accepts connections, and greets first.
	@Override
	public boolean isReady(ServerDirectory directory, long pid, int port) {
		try {
			return Files.readString(directory.pidFile()).strip().equals(Long.toString(pid)) && greets(port);
		}
		catch (IOException ex) {
			return false;
		}
	}

	private static boolean greets(int port) throws IOException {
		try (Socket socket = new Socket()) {
			socket.connect(new InetSocketAddress(InetAddress.getByName("127.0.0.1"), port), CONNECT_MILLIS);
			socket.setSoTimeout(CONNECT_MILLIS);
			return socket.getInputStream().read() != -1;
		}
	}

	@Override
	public String stopSignal() {
		return "TERM";
	}

}
