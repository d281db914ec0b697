package io.jobstarter.testdatabases;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.JarURLConnection;
import java.net.URL;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * The programs of PostgreSQL, unpacked on a host.
 */
final class PostgresBinaries {

	private static final String COMPLETE = "complete";

	private final ServerHost host;

	private final Path home;

	private PostgresBinaries(ServerHost host, Path home) {
		this.host = host;
		this.home = home;
	}

	/**
	 * The programs on a host, unpacked unless another JVM of the user has done so before.
	 * @param host where to unpack to, and as whom to run them
	 * @return the programs
	 */
	static synchronized PostgresBinaries on(ServerHost host) {
		try {
			return new PostgresBinaries(host, unpackOnce(host.workspace()));
		}
		catch (IOException ex) {
			throw new UncheckedIOException("Could not unpack PostgreSQL into " + host.workspace(), ex);
		}
	}

	/**
	 * A process to be started that runs one of the programs in an environment that does
	 * not depend on the user's.
	 * @param program the program, such as {@code initdb}
	 * @param arguments its arguments
	 * @return the process, with its output and errors in one stream
	 */
	ProcessBuilder command(String program, String... arguments) {
		List<String> command = new ArrayList<>();
		command.add(this.home.resolve("bin").resolve(program + (Platform.isWindows() ? ".exe" : "")).toString());
		command.addAll(List.of(arguments));
		ProcessBuilder builder = new ProcessBuilder(this.host.account().commandLine(command));
		builder.environment().keySet().removeIf((name) -> name.startsWith("PG"));
		builder.environment().put("LC_ALL", "C");
		// The account may be unable to enter the current directory of the JVM.
		return builder.directory(this.host.workspace().toFile()).redirectErrorStream(true);
	}

	Path home() {
		return this.home;
	}

	// The lock ends with its channel or its JVM; whoever waits for it then unpacks.
	private static Path unpackOnce(Path workspace) throws IOException {
		URL archive = archive();
		Path home = workspace.resolve(nameOfJar(archive));
		Path lockFile = workspace.resolve(home.getFileName() + ".lock");
		try (FileChannel channel = FileChannel.open(lockFile, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
			channel.lock();
			if (!isComplete(home)) {
				SafeFiles.deleteTree(home);
				unpack(archive, home);
			}
		}
		return home;
	}

	private static void unpack(URL archive, Path home) throws IOException {
		try (InputStream packed = archive.openStream()) {
			TxzArchive.unpack(packed, home);
		}
		Files.writeString(home.resolve(COMPLETE), Long.toString(filesIn(home)));
	}

	// Counts, as systems delete old files from their temporary directories one by one.
	private static boolean isComplete(Path home) throws IOException {
		Path complete = home.resolve(COMPLETE);
		return Files.exists(complete) && Files.readString(complete).equals(Long.toString(filesIn(home) - 1));
	}

	private static long filesIn(Path directory) throws IOException {
		try (Stream<Path> tree = Files.walk(directory)) {
			return tree.count();
		}
	}

	private static URL archive() {
		URL archive = PostgresBinaries.class.getResource("/" + Platform.archiveName());
		if (archive == null) {
			throw new IllegalStateException("No " + Platform.archiveName() + " on the class path");
		}
		return archive;
	}

	// The name of the jar tells the version and the platform.
	private static String nameOfJar(URL archive) throws IOException {
		URL jar = ((JarURLConnection) archive.openConnection()).getJarFileURL();
		return Path.of(jar.getPath()).getFileName().toString().replaceFirst("\\.jar$", "");
	}

}
