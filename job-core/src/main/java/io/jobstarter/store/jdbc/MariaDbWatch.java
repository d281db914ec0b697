package io.jobstarter.store.jdbc;

import java.time.Duration;
import java.util.List;
import java.util.Map;

import io.jobstarter.store.DatabaseWatch;
import io.jobstarter.support.LoggedError;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

import org.springframework.dao.NonTransientDataAccessException;

/**
 * What MariaDB says: sizes as of its statistics, and to a user with the privilege
 * {@code PROCESS} the transactions that are open.
 */
final class MariaDbWatch implements DatabaseWatch {

	private static final Log logger = LogFactory.getLog(MariaDbWatch.class);

	private static final String SIZES = """
			select table_name as own_name, data_length + index_length as bytes
			from information_schema.tables where table_schema = database() and table_name in (:tables)
			""";

	private static final String HOLDERS = """
			select t.trx_mysql_thread_id as name, t.trx_id as horizon, p.user as user_name, p.command as state,
			    timestampdiff(second, t.trx_started, now()) as seconds
			from information_schema.innodb_trx t
			left join information_schema.processlist p on p.id = t.trx_mysql_thread_id
			where t.trx_mysql_thread_id <> connection_id()
			order by t.trx_started limit 20
			""";

	private static final String FIRST_WORKER = """
			select id from background_job_worker where dead_at is null and expires_at > clock_timestamp()
			order by started_at, id limit 1
			""";

	private final Reads reads;

	private final List<String> tables;

	private final String prefix;

	private boolean mayNotSee;

	MariaDbWatch(Reads reads, List<String> tables, String prefix) {
		this.reads = reads;
		this.tables = tables.stream().map((table) -> table.replace(SqlText.DEFAULT_PREFIX, prefix)).toList();
		this.prefix = prefix;
	}

	@Override
	public Sight look() {
		List<TableSize> sizes = this.reads.query(SIZES, Map.of("tables", this.tables),
				(row, number) -> new TableSize(row.getString("own_name").substring(this.prefix.length()),
						row.getLong("bytes"), null));
		List<Long> first = this.reads.querySmall(FIRST_WORKER, Map.of(), (row, number) -> row.getLong("id"));
		return new Sight(sizes, holders(), first.isEmpty() ? 0 : first.get(0));
	}

	private List<Holder> holders() {
		if (this.mayNotSee) {
			return List.of();
		}
		try {
			return this.reads.query(HOLDERS, Map.of(),
					(row, number) -> new Holder("session", row.getString("name"), null, row.getString("user_name"),
							row.getString("state"), row.getString("horizon"),
							Duration.ofSeconds(row.getLong("seconds"))));
		}
		catch (NonTransientDataAccessException ex) {
			logger.debug("Open transactions are not shown to this user of the database", LoggedError.of(ex));
			this.mayNotSee = true;
			return List.of();
		}
	}

}
