package io.jobstarter.testdatabases;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * Another JVM on the class path of the tests.
 */
final class ChildJvm {

	private ChildJvm() {
	}

	static Process start(Class<?> main, String... arguments) {
		List<String> java = List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-cp",
				System.getProperty("java.class.path"), main.getName());
		List<String> command = Stream.concat(java.stream(), Stream.of(arguments)).toList();
		try {
			return new ProcessBuilder(command).redirectError(Redirect.INHERIT).start();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	static String readLine(Process process) throws IOException {
		BufferedReader output = process.inputReader();
		return output.readLine();
	}

}
