package io.jobstarter.faults.fleet;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import io.jobstarter.faults.NodeApplication;
import io.jobstarter.faults.NodeConsole;
import org.awaitility.Awaitility;

/**
 * A node in a JVM of its own.
 */
public final class NodeProcess implements AutoCloseable {

	// Nodes are started all the time: what counts is how soon they work, not how fast.
	private static final List<String> JVM = List.of("-Xmx256m", "-Xshare:auto", "-XX:+UseSerialGC",
			"-XX:TieredStopAtLevel=1");

	private static final Pattern IDLE = Pattern.compile("usedSlots=\\{([^=}]+=0(, )?)*\\}");

	private static final Duration ANSWER = Duration.ofSeconds(20);

	private final String name;

	private final Process process;

	private final Path log;

	private final CompletableFuture<Duration> lifetime;

	private NodeProcess(String name, Process process, Path log) {
		this.name = name;
		this.process = process;
		this.log = log;
		long start = System.nanoTime();
		this.lifetime = process.onExit().thenApply((ended) -> Duration.ofNanos(System.nanoTime() - start));
	}

	/**
	 * Starts a node; it is at work some seconds later.
	 * @param name what the ledger and the tests call it
	 * @param options what it has to itself
	 * @param arguments its settings, as Spring Boot takes them
	 * @param log where its output goes
	 * @return the node
	 */
	static NodeProcess start(String name, NodeOptions options, List<String> arguments, Path log) {
		List<String> command = new ArrayList<>(options.within());
		command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
		command.addAll(JVM);
		command.addAll(options.jvm());
		command.addAll(NodeClasses.options());
		command.add(NodeApplication.class.getName());
		command.add("--node.name=" + name);
		command.addAll(arguments);
		try {
			ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile());
			builder.environment().putAll(options.environment());
			return new NodeProcess(name, builder.start(), log);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	public String name() {
		return this.name;
	}

	public long pid() {
		return this.process.pid();
	}

	public boolean isAlive() {
		return this.process.isAlive();
	}

	/**
	 * Waits until it ends by itself.
	 * @param limit for how long
	 * @return its exit code, or nothing if it goes on
	 */
	public OptionalInt awaitExit(Duration limit) {
		try {
			boolean ended = this.process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS);
			return ended ? OptionalInt.of(this.process.exitValue()) : OptionalInt.empty();
		}
		catch (InterruptedException ex) {
			throw new IllegalStateException(ex);
		}
	}

	/**
	 * Tells how long it has lived, once it has ended.
	 * @return the time from its start to its end
	 */
	public Duration lifetime() {
		return this.lifetime.join();
	}

	/**
	 * Kills it as the kernel does when memory is short: SIGKILL.
	 */
	public void kill() {
		this.process.destroyForcibly();
		awaitEnd();
	}

	/**
	 * Stops it as a deployment does: SIGTERM, and waits until it has ended.
	 */
	public void terminate() {
		tellToStop();
		awaitEnd();
	}

	/**
	 * Stops it as a deployment does, and does not wait for it.
	 */
	public void tellToStop() {
		// Not the process's own method: that closes its input, which ends a node at once.
		this.process.toHandle().destroy();
	}

	/**
	 * Stops it where it is, as a machine does that is suspended: SIGSTOP.
	 */
	public void freeze() {
		signal("STOP");
	}

	/**
	 * Lets it go on after {@link #freeze()}.
	 */
	public void thaw() {
		signal("CONT");
	}

	private void signal(String signal) {
		try {
			new ProcessBuilder("kill", "-" + signal, String.valueOf(pid())).start().waitFor();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		catch (InterruptedException ex) {
			throw new IllegalStateException(ex);
		}
	}

	/**
	 * Asks it whether it holds no job: none runs, and no outcome waits to be written.
	 * @return whether it says so
	 */
	public boolean isIdle() {
		return IDLE.matcher(health()).find();
	}

	/**
	 * Asks the node how it does.
	 * @return the status of its health, {@code UP} say, and the details
	 */
	public String health() {
		return ask(NodeConsole.HEALTH);
	}

	/**
	 * Asks the node something.
	 * @param question one of those that {@link NodeConsole} knows
	 * @return the answer, {@code STARTING} until the node can give one
	 */
	public String ask(String question) {
		long before = answers(question).count();
		try {
			this.process.getOutputStream().write((question + "\n").getBytes(StandardCharsets.UTF_8));
			this.process.getOutputStream().flush();
		}
		catch (IOException ex) {
			throw new UncheckedIOException("The node has ended", ex);
		}
		Awaitility.await()
			.atMost(ANSWER)
			.pollInterval(Duration.ofMillis(20))
			.failFast("The node has ended", () -> !isAlive())
			.until(() -> answers(question).count() > before);
		return answers(question).skip(before).findFirst().orElseThrow();
	}

	private Stream<String> answers(String question) {
		String mark = NodeConsole.MARK + question + " ";
		return log().lines().filter((line) -> line.startsWith(mark)).map((line) -> line.substring(mark.length()));
	}

	public Path logFile() {
		return this.log;
	}

	public String log() {
		try {
			return Files.readString(this.log);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	private void awaitEnd() {
		try {
			if (!this.process.waitFor(60, TimeUnit.SECONDS)) {
				throw new IllegalStateException("The node does not end:\n" + log());
			}
		}
		catch (InterruptedException ex) {
			throw new IllegalStateException(ex);
		}
	}

	@Override
	public void close() {
		kill();
	}

}
