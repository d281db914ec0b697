package io.jobstarter.faults.disk;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * A file system in memory that can be filled. Only root may make one.
 */
final class SmallDisk implements AutoCloseable {

	private static final byte[] BLOCK = new byte[4096];

	private final Path directory;

	private final Thread atExit = new Thread(this::unmount);

	private SmallDisk(Path directory) {
		this.directory = directory;
		Runtime.getRuntime().addShutdownHook(this.atExit);
	}

	/**
	 * Makes one.
	 * @param megabytes its size
	 * @return the disk, or empty if this account or this system does not let anybody
	 */
	static Optional<SmallDisk> mount(int megabytes) {
		try {
			Path directory = Files.createTempDirectory("small-disk-");
			if (run("mount", "-t", "tmpfs", "-o", "size=" + megabytes + "m,mode=0700", "tmpfs", directory.toString())) {
				return Optional.of(new SmallDisk(directory));
			}
			Files.delete(directory);
			return Optional.empty();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/**
	 * Makes an empty directory on it.
	 * @param owner whose it is to be: the owner of this file
	 * @return the directory
	 */
	Path directoryFor(Path owner) {
		try {
			Object uid = Files.getAttribute(owner, "unix:uid");
			Files.setAttribute(this.directory, "unix:uid", uid);
			Path made = Files.createDirectory(this.directory.resolve("data"));
			Files.setAttribute(made, "unix:uid", uid);
			return made;
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/**
	 * Takes all room that is left.
	 */
	void fill() {
		try (OutputStream out = Files.newOutputStream(filler())) {
			for (;;) {
				out.write(BLOCK);
			}
		}
		catch (IOException ex) {
			// It is full.
			return;
		}
	}

	/**
	 * Gives back what {@link #fill()} has taken.
	 */
	void free() {
		try {
			Files.delete(filler());
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	private Path filler() {
		return this.directory.resolve("filler");
	}

	private void unmount() {
		try {
			// Lazily: whoever still has a file open there is on his way out.
			run("umount", "-l", this.directory.toString());
			Files.deleteIfExists(this.directory);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	private static boolean run(String... command) throws IOException {
		try {
			return new ProcessBuilder(List.of(command)).redirectErrorStream(true)
				.redirectOutput(Redirect.DISCARD)
				.start()
				.waitFor() == 0;
		}
		catch (InterruptedException ex) {
			throw new IllegalStateException(ex);
		}
	}

	@Override
	public void close() {
		unmount();
		Runtime.getRuntime().removeShutdownHook(this.atExit);
	}

}
