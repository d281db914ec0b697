package io.jobstarter.faults;

import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Propagation;
import org.springframework.transaction.annotation.Transactional;

/**
 * What an oracle judges a run by: a row for every start of a body, committed at once and
 * without a unique key, and a row for every effect, in the handler's own transaction.
 */
@Component
public class Ledger {

	private final JdbcTemplate jdbc;

	Ledger(JdbcTemplate jdbc) {
		this.jdbc = jdbc;
	}

	/**
	 * Notes that a body starts, whatever becomes of the transaction around it.
	 * @param number which job it is
	 * @param attempt the number of the attempt
	 */
	@Transactional(propagation = Propagation.REQUIRES_NEW)
	public void started(int number, int attempt) {
		this.jdbc.update("insert into ledger (number, attempt, pid, started_at) values (?, ?, ?, clock_timestamp())",
				number, attempt, ProcessHandle.current().pid());
	}

	/**
	 * Has an effect in the transaction of the calling thread.
	 * @param number which job it is
	 */
	public void effect(int number) {
		this.jdbc.update("insert into effect (number) values (?)", number);
	}

}
