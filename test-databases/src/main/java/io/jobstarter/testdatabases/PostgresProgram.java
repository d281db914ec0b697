package io.jobstarter.testdatabases;

/**
 * PostgreSQL.
 *
 * @param binaries its programs
 */
record PostgresProgram(PostgresBinaries binaries) implements ServerProgram {

	@Override
	public String name() {
		return "PostgreSQL";
	}

	@Override
	public ProcessBuilder serve(ServerDirectory directory, int port) {
		return this.binaries.command("postgres", "-D", directory.data().toString(), "-p", String.valueOf(port));
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
