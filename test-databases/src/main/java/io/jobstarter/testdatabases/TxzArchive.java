package io.jobstarter.testdatabases;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;

import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.tukaani.xz.XZInputStream;

/**
 * Unpacks a tar archive that is compressed with xz.
 */
final class TxzArchive {

	private static final int EXECUTABLE = 0111;

	private final TarArchiveInputStream tar;

	private final Path target;

	private TxzArchive(TarArchiveInputStream tar, Path target) {
		this.tar = tar;
		this.target = target;
	}

	/**
	 * Unpacks an archive. Everyone may read what comes out, whatever the umask is.
	 * @param packed the archive
	 * @param target the directory to create
	 * @throws IOException if the archive cannot be read or holds what it should not
	 */
	static void unpack(InputStream packed, Path target) throws IOException {
		try (TarArchiveInputStream tar = new TarArchiveInputStream(
				new XZInputStream(new BufferedInputStream(packed)))) {
			new TxzArchive(tar, target).unpackAll();
		}
	}

	private void unpackAll() throws IOException {
		createDirectory(this.target);
		for (TarArchiveEntry entry = this.tar.getNextEntry(); entry != null; entry = this.tar.getNextEntry()) {
			unpack(entry, resolve(entry));
		}
	}

	private Path resolve(TarArchiveEntry entry) throws IOException {
		Path path = this.target.resolve(entry.getName()).normalize();
		if (!path.startsWith(this.target)) {
			throw new IOException(entry.getName() + " points out of the archive");
		}
		return path;
	}

	private void unpack(TarArchiveEntry entry, Path path) throws IOException {
		if (entry.isDirectory()) {
			createDirectory(path);
			return;
		}
		createDirectory(parentOf(path));
		if (entry.isSymbolicLink()) {
			Files.createSymbolicLink(path, Path.of(entry.getLinkName()));
		}
		else if (entry.isFile()) {
			Files.copy(this.tar, path);
			SafeFiles.openToReaders(path, (entry.getMode() & EXECUTABLE) != 0);
		}
		else {
			throw new IOException(entry.getName() + " is neither file, directory nor symbolic link");
		}
	}

	// Everything is unpacked below the target.
	private static Path parentOf(Path path) {
		return Objects.requireNonNull(path.getParent());
	}

	private void createDirectory(Path directory) throws IOException {
		if (Files.isDirectory(directory)) {
			return;
		}
		if (!directory.equals(this.target)) {
			createDirectory(parentOf(directory));
		}
		Files.createDirectory(directory);
		SafeFiles.openToReaders(directory, true);
	}

}
