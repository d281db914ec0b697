package io.jobstarter.testdatabases;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermissions;
import java.nio.file.attribute.UserPrincipal;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * What {@link Files} leaves open: permissions that do not depend on the umask,
 * directories that must be one's own, deletion with all contents.
 */
final class SafeFiles {

	private SafeFiles() {
	}

	/**
	 * Creates a directory that everyone may enter and only its owner may change, or finds
	 * it there already.
	 * @param owner the account of this JVM
	 * @param directory the directory
	 * @throws IOException if it cannot be created, or is there and not the owner's
	 */
	static void createDirectoryOf(UserPrincipal owner, Path directory) throws IOException {
		try {
			Files.createDirectory(directory);
		}
		catch (FileAlreadyExistsException ex) {
			requireDirectoryOf(owner, directory);
		}
		openToReaders(directory, true);
	}

	private static void requireDirectoryOf(UserPrincipal owner, Path directory) throws IOException {
		if (!Files.isDirectory(directory, LinkOption.NOFOLLOW_LINKS)
				|| !Files.getOwner(directory, LinkOption.NOFOLLOW_LINKS).equals(owner)) {
			throw new IOException(directory + " is not a directory of " + owner);
		}
	}

	/**
	 * Lets everyone read a file and only its owner change it. Does nothing on Windows.
	 * @param path the file or directory
	 * @param executable whether everyone may also run the file or enter the directory
	 * @throws IOException if the permissions cannot be changed
	 */
	static void openToReaders(Path path, boolean executable) throws IOException {
		PosixFileAttributeView view = Files.getFileAttributeView(path, PosixFileAttributeView.class);
		if (view != null) {
			view.setPermissions(PosixFilePermissions.fromString(executable ? "rwxr-xr-x" : "rw-r--r--"));
		}
	}

	/**
	 * Deletes a directory with its contents, if it is there.
	 * @param directory the directory
	 * @throws IOException if something in it cannot be deleted
	 */
	static void deleteTree(Path directory) throws IOException {
		if (Files.notExists(directory, LinkOption.NOFOLLOW_LINKS)) {
			return;
		}
		List<Path> childrenFirst;
		try (Stream<Path> tree = Files.walk(directory)) {
			childrenFirst = tree.sorted(Comparator.reverseOrder()).toList();
		}
		for (Path path : childrenFirst) {
			Files.deleteIfExists(path);
		}
	}

}
