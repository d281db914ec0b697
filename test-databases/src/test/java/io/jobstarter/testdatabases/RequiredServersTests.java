package io.jobstarter.testdatabases;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

class RequiredServersTests {

	@Test
	void whatIsInstalledCanRun() {
		assertThat(RequiredServers.canRun("pgbouncer", true, null)).isTrue();
		assertThat(RequiredServers.canRun("pgbouncer", true, "mariadb,pgbouncer")).isTrue();
	}

	@Test
	void whatIsNotInstalledIsSkipped() {
		assertThat(RequiredServers.canRun("pgbouncer", false, null)).isFalse();
		assertThat(RequiredServers.canRun("pgbouncer", false, "")).isFalse();
		assertThat(RequiredServers.canRun("pgbouncer", false, "mariadb")).isFalse();
	}

	@Test
	void whatIsRequiredAndNotInstalledIsAnError() {
		assertThatIllegalStateException().isThrownBy(() -> RequiredServers.canRun("pgbouncer", false, "a, pgbouncer"))
			.withMessageContaining("JOB_STARTER_REQUIRED_SERVERS names pgbouncer");
	}

}
