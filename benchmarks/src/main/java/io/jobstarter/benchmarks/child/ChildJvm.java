package io.jobstarter.benchmarks.child;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStreamWriter;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.jobstarter.benchmarks.engine.EngineKind;
import io.jobstarter.benchmarks.engine.EngineSettings;

/**
 * A JVM with one engine in it, seen from the program that measures.
 */
public final class ChildJvm implements AutoCloseable {

	private static final List<String> OPTIONS = List.of("-Xms1g", "-Xmx1g", "-XX:+UseParallelGC", "-Xshare:auto");

	private final ObjectMapper json = new ObjectMapper();

	private final Process process;

	private final Writer commands;

	private final BufferedReader answers;

	private final Path log;

	private ChildJvm(Process process, Path log) {
		this.process = process;
		this.log = log;
		this.commands = new OutputStreamWriter(process.getOutputStream(), StandardCharsets.UTF_8);
		this.answers = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
	}

	/**
	 * Starts a JVM and opens an engine in it.
	 * @param kind the engine
	 * @param settings how it is opened
	 * @param log the file to which its log is added
	 * @return the JVM, with the engine that starts no jobs yet
	 */
	public static ChildJvm open(EngineKind kind, EngineSettings settings, Path log) {
		ChildJvm child = start(log);
		child.call("open", "engine", kind.title(), "url", settings.url(), "user", settings.user(), "password",
				settings.password(), "pool", settings.pool(), "workers", settings.workers(), "queues",
				settings.queues(), "property", settings.property());
		return child;
	}

	private static ChildJvm start(Path log) {
		List<String> command = new ArrayList<>();
		command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
		command.addAll(OPTIONS);
		System.getProperties()
			.stringPropertyNames()
			.stream()
			.filter((name) -> name.startsWith("benchmark."))
			.forEach((name) -> command.add("-D" + name + "=" + System.getProperty(name)));
		command.addAll(List.of("-cp", System.getProperty("java.class.path"), Child.class.getName()));
		try {
			return new ChildJvm(new ProcessBuilder(command).redirectError(Redirect.appendTo(log.toFile())).start(),
					log);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/**
	 * Has a command run and waits for its answer.
	 * @param command its name
	 * @param arguments names and values by turns
	 * @return the answer
	 * @throws IllegalStateException if it failed, or the JVM has ended
	 */
	public JsonNode call(String command, Object... arguments) {
		send(command, arguments);
		return answer();
	}

	/**
	 * Has a command run and does not wait for its {@link #answer() answer}.
	 * @param command its name
	 * @param arguments names and values by turns
	 */
	public void send(String command, Object... arguments) {
		Map<String, Object> message = new LinkedHashMap<>();
		message.put("command", command);
		for (int index = 0; index < arguments.length; index += 2) {
			message.put((String) arguments[index], arguments[index + 1]);
		}
		try {
			this.commands.write(this.json.writeValueAsString(message) + "\n");
			this.commands.flush();
		}
		catch (IOException ex) {
			throw failure(ex.toString());
		}
	}

	/**
	 * Waits for the answer to what was {@link #send sent}.
	 * @return the answer
	 * @throws IllegalStateException if the command failed, or the JVM has ended
	 */
	public JsonNode answer() {
		try {
			for (String line = this.answers.readLine(); line != null; line = this.answers.readLine()) {
				if (line.startsWith(Child.ANSWER)) {
					return checked(this.json.readTree(line.substring(Child.ANSWER.length())));
				}
			}
			throw failure("it has ended");
		}
		catch (IOException ex) {
			throw failure(ex.toString());
		}
	}

	private JsonNode checked(JsonNode answer) {
		if (answer.has(Child.FAILURE)) {
			throw failure(answer.get(Child.FAILURE).asText());
		}
		return answer;
	}

	private IllegalStateException failure(String reason) {
		return new IllegalStateException("The engine's JVM: " + reason + "; see " + this.log);
	}

	@Override
	public void close() {
		try {
			this.commands.close();
			if (!this.process.waitFor(30, TimeUnit.SECONDS)) {
				this.process.destroyForcibly().waitFor();
			}
		}
		catch (IOException ex) {
			this.process.destroyForcibly();
		}
		catch (InterruptedException ex) {
			this.process.destroyForcibly();
			Thread.currentThread().interrupt();
		}
	}

}
