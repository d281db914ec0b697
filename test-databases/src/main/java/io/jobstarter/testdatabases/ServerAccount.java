package io.jobstarter.testdatabases;

import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The account that the programs of servers run under. PostgreSQL and MariaDB refuse to
 * run as root.
 */
enum ServerAccount {

	/**
	 * The account of this JVM.
	 */
	CURRENT,

	/**
	 * The account of this JVM inside a user namespace, where it is called nobody and yet
	 * owns its files. Containers often forbid it.
	 */
	USER_NAMESPACE("unshare", "--user"),

	/**
	 * The user and group 65534, which most systems call nobody.
	 */
	NOBODY("setpriv", "--reuid=65534", "--regid=65534", "--clear-groups") {
		@Override
		void give(Path directory) throws IOException {
			Files.setAttribute(directory, "unix:uid", 65534, LinkOption.NOFOLLOW_LINKS);
			Files.setAttribute(directory, "unix:gid", 65534, LinkOption.NOFOLLOW_LINKS);
		}
	};

	private final List<String> prefix;

	ServerAccount(String... prefix) {
		this.prefix = List.of(prefix);
	}

	/**
	 * The command line that runs a command under this account. The process that it starts
	 * becomes the command: its id and its signals are the command's.
	 * @param command the program and its arguments
	 * @return the command line
	 */
	List<String> commandLine(List<String> command) {
		List<String> commandLine = new ArrayList<>(this.prefix);
		commandLine.addAll(command);
		return commandLine;
	}

	/**
	 * Makes this account the owner of a directory.
	 * @param directory an empty directory of this JVM's account
	 * @throws IOException if the owner cannot be changed
	 */
	void give(Path directory) throws IOException {
	}

	/**
	 * Tries whether this account exists here and reaches a directory.
	 * @param directory the directory to reach
	 * @throws IOException if programs cannot run under this account in the directory
	 */
	void enter(Path directory) throws IOException {
		if (Platform.isWindows()) {
			return;
		}
		// initdb insists on an account with a name.
		List<String> enter = commandLine(List.of("sh", "-c", "id -un && cd \"$0\"", directory.toString()));
		if (Processes.run(new ProcessBuilder(enter), Redirect.DISCARD) != 0) {
			throw new IOException(this + " cannot run programs in " + directory);
		}
	}

}
