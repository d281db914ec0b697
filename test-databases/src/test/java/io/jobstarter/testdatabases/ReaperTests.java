package io.jobstarter.testdatabases;

import java.io.IOException;
import java.nio.file.Path;

import org.awaitility.Awaitility;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

class ReaperTests {

	@ParameterizedTest
	@ValueSource(strings = { "running", "hanging", "crashed" })
	void leavesNothingBehindAKilledJvm(String state) throws IOException {
		assumeFalse(Platform.isWindows());
		Process jvm = ChildJvm.start(ServerMain.class, state);
		String[] line = ChildJvm.readLine(jvm).split(" ", 2);
		int port = Integer.parseInt(line[0]);
		Path directory = Path.of(line[1]);
		assertThat(directory).exists();
		jvm.destroyForcibly();
		Awaitility.await().untilAsserted(() -> assertThat(directory).doesNotExist());
		assertThat(Ports.isFree(port)).isTrue();
	}

	/**
	 * Starts a server, brings it into a state, tells its port and directory, and waits to
	 * be killed.
	 */
	static final class ServerMain {

		private ServerMain() {
		}

		public static void main(String[] args) throws InterruptedException {
			EmbeddedPostgres server = EmbeddedPostgres.start();
			switch (args[0]) {
				case "hanging" -> server.hang();
				case "crashed" -> server.crash();
				default -> assertThat(args[0]).isEqualTo("running");
			}
			System.out.println(server.port() + " " + server.directory().root());
			Thread.currentThread().join();
		}

	}

}
