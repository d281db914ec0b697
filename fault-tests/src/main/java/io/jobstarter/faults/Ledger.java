package io.jobstarter.faults;

import java.util.List;
import java.util.Map;
import java.util.Objects;

import io.jobstarter.JobAttempt;
import io.jobstarter.JobEvent;
import io.jobstarter.JobOutcome;
import io.jobstarter.RecurringEvent;
import io.jobstarter.RecurringFire;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.context.event.EventListener;
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

	// Not joined into the insert: MariaDB would lock the job's row.
	private static final String FENCE = "select worker, claim from background_job_job where id = ?";

	private static final String START = """
			insert into ledger (number, job_id, attempt, node, pid, worker, claim, started_at)
			values (?, ?, ?, ?, ?, ?, ?, current_timestamp(6))
			""";

	private static final String EFFECT = """
			insert into effect (number, job_id, node, begun_at) values (?, ?, ?, current_timestamp(6))
			""";

	private static final String POSTPONED = """
			insert into postponed (job_id, node, postponed_at) values (?, ?, current_timestamp(6))
			""";

	private static final String TICK = """
			insert into tick (fire_millis, job_id, node, pid, started_at) values (?, ?, ?, ?, current_timestamp(6))
			""";

	private static final String FIRED = """
			insert into fired (fire_millis, job_id, node, pid) values (?, ?, ?, ?)
			""";

	private final JdbcTemplate jdbc;

	private final String node;

	Ledger(JdbcTemplate jdbc, @Value("${node.name:?}") String node) {
		this.jdbc = jdbc;
		this.node = node;
	}

	/**
	 * Notes that a body starts, whatever becomes of the transaction around it.
	 * @param number which job it is
	 * @param attempt the attempt
	 */
	@Transactional(propagation = Propagation.REQUIRES_NEW)
	public void started(int number, JobAttempt attempt) {
		List<Map<String, Object>> rows = this.jdbc.queryForList(FENCE, attempt.id().value());
		// No row: this start is one too many.
		Map<String, Object> fence = rows.isEmpty() ? Map.of() : rows.get(0);
		this.jdbc.update(START, number, attempt.id().value(), attempt.number(), this.node,
				ProcessHandle.current().pid(), fence.get("worker"), fence.get("claim"));
	}

	/**
	 * Notes that an attempt uses up nothing and is made again, since its transaction and
	 * another were in each other's way: the jobs here do not snooze.
	 * @param event the end of an attempt
	 */
	@EventListener
	public void settled(JobEvent.Settled event) {
		if (event.outcome() instanceof JobOutcome.Snoozed) {
			this.jdbc.update(POSTPONED, event.id().value(), this.node);
		}
	}

	/**
	 * Has an effect in the transaction of the calling thread.
	 * @param number which job it is
	 * @param attempt the attempt
	 */
	public void effect(int number, JobAttempt attempt) {
		this.jdbc.update(EFFECT, number, attempt.id().value(), this.node);
	}

	/**
	 * Notes that the job of a fire starts, committed at once.
	 * @param attempt the attempt
	 */
	public void ticked(JobAttempt attempt) {
		RecurringFire fire = Objects.requireNonNull(attempt.recurringFire());
		this.jdbc.update(TICK, fire.at().toEpochMilli(), attempt.id().value(), this.node,
				ProcessHandle.current().pid());
	}

	/**
	 * Notes that this node has enqueued the job of a fire.
	 * @param event the fire
	 */
	@EventListener
	public void fired(RecurringEvent.Fired event) {
		this.jdbc.update(FIRED, event.at().toEpochMilli(), event.job().value(), this.node,
				ProcessHandle.current().pid());
	}

}
