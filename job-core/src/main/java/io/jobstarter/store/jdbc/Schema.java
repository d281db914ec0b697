package io.jobstarter.store.jdbc;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import org.springframework.jdbc.BadSqlGrammarException;

/**
 * The tables and columns that the statements of this package name.
 */
final class Schema {

	private static final Map<String, List<String>> TABLES = tables();

	// Of a prepared statement, behind a pooler; it says nothing about the tables.
	private static final String NAME_TAKEN = "42P05";

	private final EngineTransactions transactions;

	private final Statements statements;

	private final Map<String, List<String>> ownTables;

	/**
	 * Makes a schema.
	 * @param transactions the transactions to look in
	 * @param statements their statements
	 * @param dialect the database, which may need tables of its own
	 */
	Schema(EngineTransactions transactions, Statements statements, Dialect dialect) {
		this.transactions = transactions;
		this.statements = statements;
		this.ownTables = dialect.ownTables();
	}

	private static Map<String, List<String>> tables() {
		Map<String, List<String>> tables = new LinkedHashMap<>();
		tables.put("background_job_job", columns("""
				id seq queue priority front state worker claim claimed_at attempt crashes duplicates unique_until
				cancel_requested due_at created_at unique_key name payload headers tags rule_counts blocked_by
				limits order_key"""));
		tables.put("background_job_worker", columns("""
				id host pid started_at last_seen_at expires_at stopping dead_at report application serves
				job_names"""));
		tables.put("background_job_pulse", columns("""
				id up_since last_beat last_sweep"""));
		tables.put("background_job_queue", columns("""
				name paused_at pause_reason paused_by concurrency fleet_concurrency"""));
		tables.put("background_job_fleet_slots", columns("""
				name worker slots turn wanted since declared"""));
		tables.put("background_job_breaker", columns("""
				name state generation openings open_until prober reason changed_at changed_by"""));
		tables.put("background_job_key", columns("""
				name limit_name running granted permits waiting touched_at"""));
		tables.put("background_job_limit", columns("""
				name permits changed_at changed_by reason"""));
		tables.put("background_job_failure", columns("""
				id job_id number failed_at worker claim error_class message stack_trace"""));
		tables.put("background_job_dead_letter", columns("""
				job_id name queue priority reason error_class message stack_trace attempts crashes enqueued_at
				due_at started_at first_failed_at died_at worker claim tags headers payload resolved_at
				retried_at retried_as discarded_at resolved_by resolved_reason fingerprint callback_due
				callback_tries callback_token callback_ended_at callback_error corrected_payload limits order_key"""));
		tables.put("background_job_dead_letter_note", columns("""
				id job_id written_at author text"""));
		tables.put("background_job_redrive", columns("""
				id state name queue reason error_class fingerprint tag died_from died_before last_letter matching
				pause_micros canary canary_required passed_letter redriven canary_sent canary_succeeded
				canary_failed created_at created_by why changed_at changed_by changed_why next_at paced_until
				finished_at stopped_because"""));
		tables.put("background_job_redrive_canary", columns("""
				redrive_id job_id succeeded"""));
		tables.put("background_job_rate", columns("""
				name permits per_micros taken released released_at due_at touched_at"""));
		tables.put("background_job_recurring", columns("""
				id source schedule zone job_name payload queue priority description misfire overlap jitter_micros
				catch_up_micros paused_at paused_by pause_reason next_fire_at last_fire_at last_job missed
				declared_at retired_at created_at updated_at"""));
		tables.put("background_job_recurring_fire", columns("""
				recurring_id fire_at job_id outcome noted_at"""));
		tables.put("background_job_expiring_key", columns("""
				unique_key job_id expires_at"""));
		tables.put("background_job_history", columns("""
				id name queue priority state attempts crashes enqueued_at due_at started_at finished_at
				worker claim tags reason"""));
		return tables;
	}

	private static List<String> columns(String names) {
		return Arrays.asList(names.split("\\s+"));
	}

	/**
	 * Lists the tables that every database has.
	 * @return their names, with the default prefix
	 */
	static List<String> names() {
		return List.copyOf(TABLES.keySet());
	}

	/**
	 * Looks for everything.
	 * @return the names of the tables, and of the columns of other tables, that lack
	 */
	List<String> missing() {
		List<String> missing = new ArrayList<>();
		Map<String, List<String>> tables = new LinkedHashMap<>(TABLES);
		tables.putAll(this.ownTables);
		tables.forEach((table, columns) -> {
			if (!exists(table, String.join(", ", columns))) {
				missing.addAll(missing(table, columns));
			}
		});
		return missing;
	}

	private List<String> missing(String table, List<String> columns) {
		String name = table.replace(SqlText.DEFAULT_PREFIX, this.statements.text().prefix());
		if (!exists(table, "1")) {
			return List.of(name);
		}
		return columns.stream()
			.filter((column) -> !exists(table, column))
			.map((column) -> name + "." + column)
			.toList();
	}

	// Names of this class only: nothing comes from outside.
	private boolean exists(String table, String columns) {
		try {
			this.transactions.execute(() -> this.statements.of("select " + columns + " from " + table + " where 1 = 0")
				.query((row, number) -> 0)
				.list());
			return true;
		}
		catch (BadSqlGrammarException ex) {
			if (NAME_TAKEN.equals(ex.getSQLException().getSQLState())) {
				throw ex;
			}
			return false;
		}
	}

}
