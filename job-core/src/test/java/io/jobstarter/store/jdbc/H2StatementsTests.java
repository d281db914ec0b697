package io.jobstarter.store.jdbc;

import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;

import javax.sql.DataSource;

import com.zaxxer.hikari.HikariDataSource;
import org.h2.message.DbException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Statements that fail on H2, as those do that read the clock while other sessions end.
 */
@Timeout(60)
class H2StatementsTests {

	private static final String URL = "jdbc:h2:mem:h2-statements;DB_CLOSE_DELAY=-1";

	private static final List<Integer> ALL = List.of(1, 2, 3, 4, 5, 6, 7, 8);

	private final HikariDataSource pool = new HikariDataSource();

	private final DataSource opening = new DriverManagerDataSource(URL, "sa", "");

	private final SqlText text = new SqlText("background_job_", new H2Dialect()::translate);

	@AfterEach
	void close() {
		JdbcClient.create(this.opening).sql("shutdown").update();
		this.pool.close();
	}

	private Statements statements(int connections) {
		this.pool.setJdbcUrl(URL);
		this.pool.setUsername("sa");
		this.pool.setMaximumPoolSize(connections);
		return Statements.onH2(this.pool, this.text);
	}

	private static void createNumbers(Statements statements) {
		statements.of("create table numbers (name varchar(10), number integer, primary key (name, number))").update();
		statements.of("insert into numbers select 'one', x from system_range(1, 8)").update();
	}

	@Test
	void theClockCanBeReadWhileOtherSessionsEnd() {
		Statements statements = statements(4);
		Statements other = Statements.on(this.opening, this.text);
		Callable<Integer> reading = () -> {
			int read = 0;
			for (int i = 0; i < 3_000; i++) {
				read += statements.of("select clock_timestamp() as now").query((row, number) -> 1).single();
				if (i % 10 == 0) {
					other.of("select 1").query(Integer.class).single();
				}
			}
			return read;
		};
		assertThat(Threads.together(4, reading)).containsOnly(3_000);
	}

	@Test
	void aStatementThatHasFailedLeavesNoRowsToTheNextOne() {
		Statements statements = statements(1);
		createNumbers(statements);
		assertThatExceptionOfType(DataAccessException.class).isThrownBy(() -> dividedUnless(statements, 4));
		assertThat(dividedUnless(statements, 9)).isEqualTo(ALL);
		assertThat(dividedUnless(statements, 10)).isEqualTo(ALL);
	}

	private static List<Integer> dividedUnless(Statements statements, int zero) {
		return statements.read("""
				select number, 1 / (number - cast(:zero as integer)) from numbers
				where name = any (cast(:names as varchar array))
				""", Map.of("zero", zero, "names", new String[] { "one" }), (row, number) -> row.getInt("number"));
	}

	@Test
	void theErrorOfTheClockIsKnownWithoutItsMessage() {
		SQLException bare = DbException.convert(new NullPointerException())
			.addSQL(this.text.of("select clock_timestamp()"))
			.getSQLException();
		assertThat(H2Statements.isOfClock(bare)).isTrue();
		assertThat(H2Statements.isOfClock(DbException.convert(new NullPointerException()).getSQLException())).isFalse();
	}

}
