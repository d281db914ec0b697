package io.jobstarter.benchmarks.child;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;

import com.fasterxml.jackson.databind.ObjectMapper;

/**
 * The program of a JVM that one engine runs in. It takes commands from its standard
 * input, a line of JSON each, and answers each with a line on its standard output. What
 * is logged goes to the standard error. It ends with its input.
 */
public final class Child {

	/** What begins an answer. */
	static final String ANSWER = "answer ";

	/** The key under which an answer tells what went wrong. */
	static final String FAILURE = "failure";

	private Child() {
	}

	/**
	 * Runs until the input ends.
	 * @param arguments none
	 * @throws IOException if the input cannot be read
	 */
	public static void main(String[] arguments) throws IOException {
		PrintStream answers = System.out;
		System.setOut(System.err);
		ObjectMapper json = new ObjectMapper();
		BufferedReader input = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
		try (Commands commands = new Commands()) {
			for (String line = input.readLine(); line != null; line = input.readLine()) {
				answers.println(ANSWER + json.writeValueAsString(answer(commands, new Arguments(json.readTree(line)))));
				answers.flush();
			}
		}
		// Engines may leave threads behind.
		System.exit(0);
	}

	private static Map<String, Object> answer(Commands commands, Arguments arguments) {
		try {
			return commands.run(arguments);
		}
		catch (Exception ex) {
			ex.printStackTrace();
			return Map.of(FAILURE, ex.toString());
		}
	}

}
