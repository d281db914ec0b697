package io.jobstarter.benchmarks.server;

import io.jobstarter.benchmarks.server.ServerProcesses.Stat;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class ServerProcessesTests {

	@Test
	void readsTicksBehindANameWithBlanksAndBrackets() {
		Stat stat = Stat.parse("4711 (postgres: a (b)) S 42 4711 4711 0 -1 4194560 905 0 0 0 12 34 56 78 20 0 1 0 99");
		assertThat(stat).isEqualTo(new Stat("postgres: a (b)", 42, 46, 134));
		assertThat(stat.isPostgres()).isTrue();
		assertThat(stat.withEndedChildren()).isEqualTo(180);
	}

}
