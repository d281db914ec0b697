package io.jobstarter.testdatabases;

import java.util.Arrays;

import org.jspecify.annotations.Nullable;

/**
 * Servers that a machine may lack, such as those of Debian packages. Tests skip what is
 * not installed, unless the environment says that it has to be there.
 */
public final class RequiredServers {

	/**
	 * The environment variable that lists the servers without which the tests fail, such
	 * as {@code mariadb,pgbouncer}.
	 */
	public static final String VARIABLE = "JOB_STARTER_REQUIRED_SERVERS";

	private RequiredServers() {
	}

	/**
	 * Tells whether tests on a server can run here; if not, they are to be skipped.
	 * @param server its name, in lower case
	 * @param installed whether it is installed
	 * @return whether it is installed
	 * @throws IllegalStateException if it is not and {@value #VARIABLE} names it
	 */
	public static boolean canRun(String server, boolean installed) {
		return canRun(server, installed, System.getenv(VARIABLE));
	}

	static boolean canRun(String server, boolean installed, @Nullable String required) {
		if (!installed && required != null && Arrays.asList(required.split("[\\s,]+")).contains(server)) {
			throw new IllegalStateException(
					VARIABLE + " names " + server + ", which is not installed: install it, or take it off the list");
		}
		return installed;
	}

}
