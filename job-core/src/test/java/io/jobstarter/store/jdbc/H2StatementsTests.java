package io.jobstarter.store.jdbc;

import java.util.concurrent.Callable;

import com.zaxxer.hikari.HikariDataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The clock of H2, read while other sessions end.
 */
@Timeout(60)
class H2StatementsTests {

	private static final String URL = "jdbc:h2:mem:h2-statements;DB_CLOSE_DELAY=-1";

	private final HikariDataSource pool = new HikariDataSource();

	@AfterEach
	void close() {
		JdbcClient.create(new DriverManagerDataSource(URL, "sa", "")).sql("shutdown").update();
		this.pool.close();
	}

	@Test
	void theClockCanBeReadWhileOtherSessionsEnd() {
		this.pool.setJdbcUrl(URL);
		this.pool.setUsername("sa");
		this.pool.setMaximumPoolSize(4);
		Statements statements = Statements.onH2(this.pool, new SqlText("background_job_", new H2Dialect()::translate));
		Statements opening = Statements.on(new DriverManagerDataSource(URL, "sa", ""), statements.text());
		Callable<Integer> reading = () -> {
			int read = 0;
			for (int i = 0; i < 3_000; i++) {
				read += statements.of("select clock_timestamp() as now").query((row, number) -> 1).single();
				if (i % 10 == 0) {
					opening.of("select 1").query(Integer.class).single();
				}
			}
			return read;
		};
		assertThat(Threads.together(4, reading)).containsOnly(3_000);
	}

}
