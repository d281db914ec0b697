package io.jobstarter.testdatabases;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.UserPrincipal;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;

/**
 * Under which account, and below which directory, servers run on this machine.
 *
 * @param account the account
 * @param workspace a directory of this JVM's user that the account can enter; it holds
 * the unpacked programs and the data of the running servers
 */
record ServerHost(ServerAccount account, Path workspace) {

	/**
	 * The system property that names the one {@link ServerAccount} to use, to try on one
	 * machine what another would do.
	 */
	static final String ACCOUNT_PROPERTY = "io.jobstarter.testdatabases.account";

	private static @Nullable ServerHost current;

	/**
	 * The host of this JVM, found by trying at the first call.
	 * @return the host
	 * @throws IllegalStateException if no account can run servers here
	 */
	static synchronized ServerHost current() {
		ServerHost host = current;
		if (host == null) {
			host = choose(accountsToTry(), directoriesToTry());
			current = host;
		}
		return host;
	}

	/**
	 * Chooses the first account that works, in the first directory where it does.
	 * @param accounts the accounts, best first
	 * @param directories the directories to make a workspace in, best first
	 * @return the host
	 * @throws IllegalStateException if no account can run servers here
	 */
	static ServerHost choose(List<ServerAccount> accounts, List<Path> directories) {
		List<String> failures = new ArrayList<>();
		for (ServerAccount account : accounts) {
			for (Path directory : directories) {
				try {
					account.enter(directory);
					return new ServerHost(account, openWorkspace(directory));
				}
				catch (IOException ex) {
					failures.add(ex.toString());
				}
			}
		}
		throw new IllegalStateException("Found no account to run servers: " + failures);
	}

	static boolean isRoot() {
		try {
			// The number, where the system has no list of users.
			return Set.of("root", "0").contains(me(temporaryDirectory()).getName());
		}
		catch (IOException ex) {
			return false;
		}
	}

	private static List<ServerAccount> accountsToTry() {
		String forced = System.getProperty(ACCOUNT_PROPERTY);
		if (forced != null) {
			return List.of(ServerAccount.valueOf(forced));
		}
		return isRoot() ? List.of(ServerAccount.USER_NAMESPACE, ServerAccount.NOBODY)
				: List.of(ServerAccount.CURRENT, ServerAccount.USER_NAMESPACE);
	}

	// The others are for root with a temporary directory that nobody else can enter.
	private static List<Path> directoriesToTry() {
		return Stream.of(temporaryDirectory(), Path.of("/tmp"), Path.of("/var/tmp"))
			.filter(Files::isDirectory)
			.distinct()
			.toList();
	}

	private static Path temporaryDirectory() {
		return Path.of(System.getProperty("java.io.tmpdir")).toAbsolutePath();
	}

	// One for each user: what others unpacked must not be run.
	private static Path openWorkspace(Path directory) throws IOException {
		UserPrincipal me = me(directory);
		Path workspace = directory.resolve("job-starter-test-databases-" + me.getName().replaceAll("\\W", "_"));
		SafeFiles.createDirectoryOf(me, workspace);
		return workspace;
	}

	// Asks the file system, as the property user.name is "?" for an id without a name.
	private static UserPrincipal me(Path directory) throws IOException {
		Path mine = Files.createTempFile(directory, "job-starter-", ".owner");
		try {
			return Files.getOwner(mine);
		}
		finally {
			Files.delete(mine);
		}
	}

}
