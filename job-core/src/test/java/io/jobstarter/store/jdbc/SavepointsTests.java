package io.jobstarter.store.jdbc;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What the log hears of statements that fail within transactions of callers.
 */
class SavepointsTests {

	private final DriverManagerDataSource database = new DriverManagerDataSource("jdbc:h2:mem:savepoints");

	private final AtomicLong nanoTime = new AtomicLong(Long.MAX_VALUE);

	private final Savepoints savepoints = new Savepoints(this.database, this.nanoTime::get);

	private final Logger logger = (Logger) LoggerFactory.getLogger(Savepoints.class);

	private final ListAppender<ILoggingEvent> log = new ListAppender<>();

	@BeforeEach
	void listen() {
		this.log.start();
		this.logger.addAppender(this.log);
	}

	@AfterEach
	void leave() {
		this.logger.detachAppender(this.log);
	}

	@Test
	void whereEveryStatementFailsTheLogHearsOfOneNowAndThen() {
		fail(1, 50);
		assertThat(messages()).singleElement().asString().contains("write the history of job 1,", "(1 times");
		this.nanoTime.addAndGet(Duration.ofSeconds(10).toNanos() - 1);
		fail(51, 60);
		assertThat(messages()).hasSize(1);
		this.nanoTime.incrementAndGet();
		fail(61, 70);
		assertThat(messages()).hasSize(2)
			.last()
			.asString()
			.contains("write the history of job 61,", "(61 times", "no_such_table");
		assertThat(this.savepoints.failures()).isEqualTo(70);
	}

	private void fail(int from, int to) {
		JdbcClient client = JdbcClient.create(this.database);
		for (int job = from; job <= to; job++) {
			this.savepoints.tryTo("write the history of job " + job,
					() -> client.sql("delete from no_such_table").update());
		}
	}

	private List<String> messages() {
		return this.log.list.stream().map(ILoggingEvent::getFormattedMessage).toList();
	}

}
