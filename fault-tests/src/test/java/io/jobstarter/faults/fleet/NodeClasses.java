package io.jobstarter.faults.fleet;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.spi.ToolProvider;
import java.util.stream.Stream;

import org.awaitility.Awaitility;

/**
 * The classes of the nodes: those of this JVM without the tests, all of them in jars.
 * Most of what a node's start takes is to load them, so the first one to start makes an
 * archive of what it has loaded, in the JVM's own format, and ends: that takes seven
 * seconds, and spares each other node a third of its start. What there is lies in
 * {@code target/node-classes}, and is made anew when the classes are others.
 */
final class NodeClasses {

	private static final NodeClasses SHARED = new NodeClasses();

	private final Path directory;

	private final String path;

	private final Path archive;

	private boolean tried;

	private NodeClasses() {
		try {
			Path tests = Path.of(NodeClasses.class.getProtectionDomain().getCodeSource().getLocation().getPath());
			List<Path> parts = Stream.of(System.getProperty("java.class.path").split(File.pathSeparator))
				.map((part) -> Path.of(part).toAbsolutePath())
				.filter((part) -> Files.exists(part) && !part.equals(tests.toAbsolutePath()))
				.toList();
			String state = Integer.toHexString(state(parts).hashCode());
			this.directory = Files.createDirectories(Path.of("target", "node-classes", state)).toAbsolutePath();
			this.archive = this.directory.resolve("classes.jsa");
			List<String> jars = new ArrayList<>();
			for (Path part : parts) {
				jars.add((Files.isDirectory(part) ? jar(part, jars.size()) : part).toString());
			}
			this.path = String.join(File.pathSeparator, jars);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/**
	 * Says how a JVM finds the classes.
	 * @return its options
	 */
	static List<String> options() {
		SHARED.makeArchive();
		return Files.exists(SHARED.archive) ? List.of("-cp", SHARED.path, "-XX:SharedArchiveFile=" + SHARED.archive)
				: List.of("-cp", SHARED.path);
	}

	private static List<String> state(List<Path> parts) throws IOException {
		List<String> state = new ArrayList<>(List.of(System.getProperty("java.home")));
		for (Path part : parts) {
			try (Stream<Path> files = Files.walk(part)) {
				for (Path file : files.filter(Files::isRegularFile).sorted().toList()) {
					state.add(file + " " + Files.size(file) + " " + Files.getLastModifiedTime(file));
				}
			}
		}
		return state;
	}

	// Another JVM of tests may do the same at the same time.
	private Path jar(Path classes, int number) throws IOException {
		Path jar = this.directory.resolve("classes-" + number + ".jar");
		if (!Files.exists(jar)) {
			Path made = Files.createTempDirectory(this.directory, "jar-").resolve(jar.getFileName());
			int exit = ToolProvider.findFirst("jar")
				.orElseThrow()
				.run(System.out, System.err, "--create", "--no-compress", "--file", made.toString(), "-C",
						classes.toString(), ".");
			if (exit != 0) {
				throw new IOException("No jar of " + classes);
			}
			moveUnlessThere(made, jar);
		}
		return jar;
	}

	// The archive holds on to the jars as they are.
	private static void moveUnlessThere(Path made, Path to) throws IOException {
		try {
			Files.createLink(to, made);
		}
		catch (IOException ex) {
			if (!Files.exists(to)) {
				throw ex;
			}
		}
		Files.delete(made);
		Files.delete(made.getParent());
	}

	private synchronized void makeArchive() {
		if (this.tried) {
			return;
		}
		this.tried = true;
		try (FileChannel file = FileChannel.open(this.directory.resolve("lock"), StandardOpenOption.CREATE,
				StandardOpenOption.WRITE)) {
			file.lock();
			if (!Files.exists(this.archive)) {
				dump();
			}
		}
		catch (IOException | RuntimeException ex) {
			// Nodes start without it, too.
			System.out.println("No archive of the nodes' classes: " + ex);
		}
	}

	private void dump() throws IOException {
		Path made = this.directory.resolve("classes.tmp");
		List<String> arguments = FleetDatabase.empty(FleetServer.POSTGRESQL).arguments("archive", null);
		NodeOptions options = NodeOptions.NONE.withJvm("-XX:ArchiveClassesAtExit=" + made);
		try (NodeProcess node = NodeProcess.start("archive", options, arguments, this.directory.resolve("node.log"))) {
			Awaitility.await()
				.atMost(Duration.ofMinutes(2))
				.pollInterval(Duration.ofMillis(200))
				.until(() -> node.health().startsWith("UP "));
			node.terminate();
		}
		Files.move(made, this.archive, StandardCopyOption.ATOMIC_MOVE);
	}

}
