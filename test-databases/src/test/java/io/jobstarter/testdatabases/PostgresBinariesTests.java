package io.jobstarter.testdatabases;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

class PostgresBinariesTests {

	@TempDir
	@SuppressWarnings("NullAway.Init")
	private Path workspace;

	@Test
	void unpacksAgainWhatIsIncomplete() throws IOException {
		Path home = unpack(this.workspace);
		Path initdb = initdb(home);
		FileTime unpacked = Files.getLastModifiedTime(initdb);
		assertThat(Files.getLastModifiedTime(initdb(unpack(this.workspace)))).isEqualTo(unpacked);
		Files.delete(initdb);
		assertThat(initdb(unpack(this.workspace))).isExecutable();
	}

	@Test
	void unpacksOnceForSeveralJvms() throws InterruptedException, IOException {
		List<Process> jvms = Stream.generate(() -> ChildJvm.start(UnpackMain.class, this.workspace.toString()))
			.limit(3)
			.toList();
		for (Process jvm : jvms) {
			assertThat(ChildJvm.readLine(jvm)).isEqualTo("complete");
			assertThat(jvm.waitFor()).isZero();
		}
		try (Stream<Path> homes = Files.list(this.workspace).filter(Files::isDirectory)) {
			assertThat(homes).hasSize(1);
		}
	}

	private static Path unpack(Path workspace) {
		return PostgresBinaries.on(new ServerHost(ServerAccount.CURRENT, workspace)).home();
	}

	private static Path initdb(Path home) {
		return home.resolve("bin").resolve(Platform.isWindows() ? "initdb.exe" : "initdb");
	}

	/**
	 * Unpacks into a workspace and tells whether it came out complete.
	 */
	static final class UnpackMain {

		private UnpackMain() {
		}

		public static void main(String[] args) {
			Path home = unpack(Path.of(args[0]));
			System.out.println(Files.exists(home.resolve("complete")) ? "complete" : "incomplete");
		}

	}

}
