package io.jobstarter.faults;

import java.util.concurrent.ThreadLocalRandom;

import io.jobstarter.JobAttempt;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Propagation;
import org.springframework.transaction.annotation.Transactional;

/**
 * When the bodies of keyed jobs began and ended, by the database's clock and committed at
 * once, and their effects, in the handlers' own transactions.
 */
@Component
public class KeyLedger {

	private static final String BEGUN = """
			insert into body (id, number, job_id, kind, key_name, attempt, node, pid, begun_at)
			values (?, ?, ?, ?, ?, ?, ?, ?, current_timestamp(6))
			""";

	private static final String ENDED = """
			update body set ended_at = current_timestamp(6) where id = ?
			""";

	private static final String EFFECT = """
			insert into key_effect (body_id, number) values (?, ?)
			""";

	private final JdbcTemplate jdbc;

	private final String node;

	KeyLedger(JdbcTemplate jdbc, @Value("${node.name:?}") String node) {
		this.jdbc = jdbc;
		this.node = node;
	}

	/**
	 * Notes that a body begins.
	 * @param job the job
	 * @param attempt the attempt
	 * @return the body
	 */
	@Transactional(propagation = Propagation.REQUIRES_NEW)
	public long begun(Keyed job, JobAttempt attempt) {
		long body = ThreadLocalRandom.current().nextLong();
		this.jdbc.update(BEGUN, body, job.number(), attempt.id().value(), job.getClass().getSimpleName(), job.key(),
				attempt.number(), this.node, ProcessHandle.current().pid());
		return body;
	}

	/**
	 * Notes that a body ends, however it does.
	 * @param body the body
	 */
	@Transactional(propagation = Propagation.REQUIRES_NEW)
	public void ended(long body) {
		this.jdbc.update(ENDED, body);
	}

	/**
	 * Has an effect in the transaction of the calling thread.
	 * @param body the body
	 * @param job the job
	 */
	public void effect(long body, Keyed job) {
		this.jdbc.update(EFFECT, body, job.number());
	}

}
