package io.jobstarter.faults.oracle;

import java.nio.file.Path;
import java.sql.Timestamp;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

import io.jobstarter.faults.oracle.NodeEnd.Signal;
import io.jobstarter.faults.oracle.PlannedJob.Placement;
import io.jobstarter.faults.oracle.RunFacts.Note;
import io.jobstarter.faults.oracle.RunFacts.Period;

import org.springframework.jdbc.core.JdbcTemplate;

/**
 * The traces of a run that never took place, planted into the tables.
 */
final class PlantedRun {

	static final Duration LIMIT = Duration.ofSeconds(9);

	private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

	private static final int FIRST_ID = 1_000;

	private final JdbcTemplate jdbc;

	private final Map<Integer, PlannedJob> expected = new LinkedHashMap<>();

	private final Map<Integer, Note> committed = new HashMap<>();

	private final List<NodeEnd> ends = new ArrayList<>();

	private final Map<String, Path> logs = new HashMap<>();

	PlantedRun(JdbcTemplate jdbc) {
		this.jdbc = jdbc;
		for (String table : List.of("ledger", "effect", "postponed", "background_job_history", "background_job_failure",
				"background_job_dead_letter", "background_job_job", "background_job_worker")) {
			jdbc.update("delete from " + table);
		}
	}

	static long idOf(int number) {
		return FIRST_ID + number;
	}

	void expect(int number, boolean hasEffect, int failures) {
		this.expected.put(number, new PlannedJob(number, hasEffect, 1, failures, null, Placement.PLAIN));
		this.committed.put(number, new Note(idOf(number), at(0)));
	}

	void start(int number, long jobId, int attempt, String node, int second) {
		this.jdbc.update("""
				insert into ledger (number, job_id, attempt, node, pid, worker, claim, started_at)
				values (?, ?, ?, ?, ?, 7, 8, ?)
				""", number, jobId, attempt, node, pid(node), timestamp(second));
	}

	void effect(int number) {
		this.jdbc.update("insert into effect (number, job_id, node, begun_at) values (?, ?, 'node-1', ?)", number,
				idOf(number), timestamp(1));
	}

	void postponement(int number, int second) {
		this.jdbc.update("insert into postponed (job_id, node, postponed_at) values (?, 'node-1', ?)", idOf(number),
				timestamp(second));
	}

	void success(long jobId, int attempts, int crashes) {
		this.jdbc.update("""
				insert into background_job_history (id, name, queue, priority, state, attempts, crashes, enqueued_at,
				    due_at, finished_at)
				values (?, 'work', 'default', 0, 'SUCCEEDED', ?, ?, ?, ?, ?)
				""", jobId, attempts, crashes, timestamp(0), timestamp(0), timestamp(60));
	}

	void failure(int number, int attempt) {
		this.jdbc.update("""
				insert into background_job_failure (job_id, number, failed_at, worker, claim, error_class, message,
				    stack_trace)
				values (?, ?, ?, 7, 8, 'PlannedFailure', 'as planned', '')
				""", idOf(number), attempt, timestamp(2));
	}

	void deadLetter(int number) {
		this.jdbc.update("""
				insert into background_job_dead_letter (job_id, name, queue, priority, reason, error_class, message,
				    stack_trace, attempts, crashes, enqueued_at, due_at, first_failed_at, died_at, payload)
				values (?, 'work', 'default', 0, 'crash', 'none', 'its workers died', '', 0, 3, ?, ?, ?, ?, ?)
				""", idOf(number), timestamp(0), timestamp(0), timestamp(20), timestamp(20), payload(number));
	}

	void unfinished(int number) {
		this.jdbc.update("""
				insert into background_job_job (queue, due_at, name, payload) values ('default', ?, 'work', ?)
				""", timestamp(0), payload(number));
	}

	void worker(String node) {
		this.jdbc.update("insert into background_job_worker (id, host, pid, expires_at) values (7, 'host', ?, ?)",
				pid(node), timestamp(9));
	}

	void end(String node, int second, Signal signal, Integer... held) {
		this.ends.add(new NodeEnd(node, pid(node), signal, at(second), Set.of(held)));
	}

	void log(String node, Path log) {
		this.logs.put(node, log);
	}

	void update(String statement) {
		this.jdbc.update(statement);
	}

	Verdict judge() {
		Plan plan = new Plan(List.of(), List.of(), this.expected);
		return new Oracle(new RunFacts(plan, LIMIT, new Period(at(0), at(60)), this.committed, this.ends,
				Evidence.read(this.jdbc), this.logs))
			.judge();
	}

	private static String payload(int number) {
		return "{\"number\":" + number + "}";
	}

	private static long pid(String node) {
		return node.hashCode();
	}

	private static Instant at(int second) {
		return START.plusSeconds(second);
	}

	private static Timestamp timestamp(int second) {
		return Timestamp.from(at(second));
	}

}
