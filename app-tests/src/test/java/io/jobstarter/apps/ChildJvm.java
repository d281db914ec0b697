package io.jobstarter.apps;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Runs a main method in a JVM of its own, on a class path that lacks some jars.
 */
final class ChildJvm {

	private ChildJvm() {
	}

	/**
	 * Runs an application to its end.
	 * @param main its main class
	 * @param without patterns of the file names of the jars that it lacks; each has to
	 * match one
	 * @return what it printed
	 */
	static String run(Class<?> main, String... without) throws IOException, InterruptedException {
		Path log = Files.createTempFile("application-", ".log");
		try {
			List<String> command = List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
					"-Xmx192m", "-XX:TieredStopAtLevel=1", "-cp", classPath(without), main.getName());
			Process process = new ProcessBuilder(command).redirectErrorStream(true)
				.redirectOutput(log.toFile())
				.start();
			boolean ended = process.waitFor(180, TimeUnit.SECONDS);
			process.destroyForcibly().waitFor();
			String output = Files.readString(log);
			assertThat(ended).as("%s ends; it printed:%n%s", main.getSimpleName(), output).isTrue();
			assertThat(process.exitValue()).as("the exit code; it printed:%n%s", output).isZero();
			return output;
		}
		finally {
			Files.delete(log);
		}
	}

	private static String classPath(String... without) {
		List<String> entries = new ArrayList<>(
				List.of(System.getProperty("java.class.path").split(Pattern.quote(File.pathSeparator))));
		for (String jars : without) {
			Pattern pattern = Pattern.compile(jars);
			boolean removed = entries.removeIf((entry) -> pattern.matcher(new File(entry).getName()).matches());
			assertThat(removed).as("jars that match %s", jars).isTrue();
		}
		return entries.stream().collect(Collectors.joining(File.pathSeparator));
	}

	/**
	 * Ends the process with what a body throws, or without an error.
	 * @param body what the application does
	 */
	static void exitAfter(Body body) {
		try {
			body.run();
			System.exit(0);
		}
		catch (Throwable ex) {
			System.out.println(ex + System.lineSeparator() + Arrays.toString(ex.getStackTrace()));
			System.exit(1);
		}
	}

	/**
	 * What an application does.
	 */
	@FunctionalInterface
	interface Body {

		void run() throws Exception;

	}

}
