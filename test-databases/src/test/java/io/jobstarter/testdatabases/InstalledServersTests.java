package io.jobstarter.testdatabases;

import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

class InstalledServersTests {

	@Test
	void findsWhatIsInstalled() {
		assertThat(InstalledServers.find("sh")).isPresent();
		assertThat(InstalledServers.have("shell", "sh")).isTrue();
	}

	@ParameterizedTest
	@NullSource
	@ValueSource(strings = { "", "mariadb", "no-such-server-2" })
	void isContentWithoutAServerThatNobodyRequires(String required) {
		assertThat(InstalledServers.have(required, "no-such-server", List.of("sh", "no-such-program"))).isFalse();
	}

	@ParameterizedTest
	@ValueSource(strings = { "no-such-server", "mariadb, no-such-server" })
	void failsWithoutAServerThatIsRequired(String required) {
		assertThatIllegalStateException()
			.isThrownBy(() -> InstalledServers.have(required, "no-such-server", List.of("sh", "no-such-program")))
			.withMessageContaining("no no-such-program in")
			.withMessageContaining("JOB_STARTER_REQUIRED_SERVERS names no-such-server");
	}

}
