package io.jobstarter.testdatabases;

import java.util.Map;

/**
 * PostgreSQL.
 *
 * @param binaries its programs
 * @param environment variables of the server's environment
 */
record PostgresProgram(PostgresBinaries binaries, Map<String, String> environment) implements ServerProgram {

	@Override
	public String name() {
		return "PostgreSQL";
	}

	@Override
	public ProcessBuilder serve(ServerDirectory directory, int port) {
		ProcessBuilder server = this.binaries.command("postgres", "-D", directory.data().toString(), "-p",
				String.valueOf(port));
		server.environment().putAll(this.environment);
		return server;
	}

	@Override
	public boolean isReady(ServerDirectory directory, long pid, int port) {
		return directory.tellsReady(pid);
	}

	// A "fast shutdown".
	@Override
	public String stopSignal() {
		return "INT";
	}

	@Override
	public ProcessBuilder kill(String signal, String pids) {
		return Platform.isWindows() ? this.binaries.command("pg_ctl", "kill", signal, pids)
				: ServerProgram.super.kill(signal, pids);
	}

}
