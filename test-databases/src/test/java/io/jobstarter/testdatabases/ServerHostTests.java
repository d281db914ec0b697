package io.jobstarter.testdatabases;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.junit.jupiter.api.Assumptions.assumeFalse;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

class ServerHostTests {

	@TempDir
	@SuppressWarnings("NullAway.Init")
	private Path directory;

	@Test
	void findsTheSameWorkspaceAgain() throws IOException {
		assertThat(choose()).isEqualTo(choose());
	}

	@Test
	void opensTheWorkspaceToReadersOnly() throws IOException {
		assumeFalse(Platform.isWindows());
		Path workspace = choose().workspace();
		assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(workspace))).isEqualTo("rwxr-xr-x");
	}

	@Test
	void refusesAWorkspaceThatIsALink() throws IOException {
		assumeFalse(Platform.isWindows());
		Path workspace = choose().workspace();
		Files.delete(workspace);
		Files.createSymbolicLink(workspace, this.directory);
		assertThatIllegalStateException().isThrownBy(() -> choose())
			.withMessageContaining(workspace + " is not a directory of");
	}

	@Test
	void refusesAWorkspaceOfAnotherUser() throws IOException {
		assumeTrue(Platform.isLinux() && ServerHost.isRoot());
		Path workspace = choose().workspace();
		Files.setAttribute(workspace, "unix:uid", 65534);
		assertThatIllegalStateException().isThrownBy(() -> choose())
			.withMessageContaining(workspace + " is not a directory of");
	}

	@Test
	void passesOverADirectoryThatTheAccountCannotEnter() {
		assumeTrue(Platform.isLinux() && ServerHost.isRoot());
		// JUnit closes its temporary directories to others.
		ServerHost host = ServerHost.choose(List.of(ServerAccount.NOBODY), List.of(this.directory, Path.of("/tmp")));
		assertThat(host.workspace()).hasParent(Path.of("/tmp"));
	}

	private ServerHost choose() throws IOException {
		// JUnit closes it to others, and the account may be nobody.
		SafeFiles.openToReaders(this.directory, true);
		ServerAccount account = ServerHost.current().account();
		return ServerHost.choose(List.of(account), List.of(this.directory));
	}

}
