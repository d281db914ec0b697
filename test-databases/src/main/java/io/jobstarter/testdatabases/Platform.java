package io.jobstarter.testdatabases;

import java.util.Locale;

/**
 * The operating system and processor of this JVM, as the archives of PostgreSQL name
 * them.
 */
final class Platform {

	private static final String OS_NAME = System.getProperty("os.name").toLowerCase(Locale.ROOT);

	private Platform() {
	}

	static boolean isWindows() {
		return OS_NAME.startsWith("windows");
	}

	static boolean isLinux() {
		return OS_NAME.startsWith("linux");
	}

	static String archiveName() {
		return "postgres-" + system() + "-" + processor() + ".txz";
	}

	private static String system() {
		if (isWindows()) {
			return "windows";
		}
		return isLinux() ? "linux" : "darwin";
	}

	private static String processor() {
		String arch = System.getProperty("os.arch");
		return arch.equals("aarch64") ? "arm_64" : "x86_64";
	}

}
