package io.jobstarter.store.jdbc;

import java.sql.SQLException;
import java.time.Duration;
import java.time.LocalDate;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;

import io.jobstarter.store.HistoryDays;
import io.jobstarter.support.LoggedError;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

import org.springframework.core.NestedExceptionUtils;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * Partitions of PostgreSQL. A name of a table cannot be a parameter: what is put into
 * these statements is a day, and nothing else.
 */
final class PostgresHistoryDays implements HistoryDays {

	private static final Log logger = LogFactory.getLog(PostgresHistoryDays.class);

	private static final String LACKING = """
			select d.day,
			    coalesce(pg_has_role(c.relowner, 'usage') and has_schema_privilege(current_schema(), 'create'), false)
			        as allowed,
			    exists (select 1 from background_job_history_default h
			            where h.finished_at >= cast(d.day as timestamp) at time zone 'UTC'
			              and h.finished_at < cast(d.day + 1 as timestamp) at time zone 'UTC') as overtaken
			from (select cast(clock_timestamp() at time zone 'UTC' as date) + n as day
			      from generate_series(0, :ahead) n) d
			join pg_class c on c.oid = to_regclass('background_job_history_days')
			where to_regclass('background_job_history_' || to_char(d.day, 'YYYYMMDD')) is null
			order by d.day
			""";

	// What waits for a lock stands in the way of all who come later.
	private static final String BOUNDS = """
			select set_config('lock_timeout', '200ms', true), set_config('statement_timeout', '5s', true)
			""";

	// Nodes wait here for each other, where they stand in nobody's way.
	private static final String TAKE = """
			select pg_advisory_xact_lock(hashtextextended('background_job_history_days', 0))
			""";

	// Reads the catalog: what is known of a name may be older than the wait for the lock.
	private static final String EXISTS = """
			select count(*) > 0 from pg_class c where c.oid = to_regclass('background_job_history_${day}')
			""";

	// Attached, since "create table … partition of" would lock out those who record jobs.
	private static final String CREATE = """
			create table background_job_history_${day} (like background_job_history_days including defaults)
			""";

	private static final String ATTACH = """
			alter table background_job_history_days attach partition background_job_history_${day}
			for values from ('${from} 00:00:00+00') to ('${to} 00:00:00+00')
			""";

	private static final String OLD_DAYS = """
			select right(c.relname, 8) as day, pg_has_role(c.relowner, 'usage') as allowed
			from pg_inherits i join pg_class c on c.oid = i.inhrelid
			where i.inhparent = to_regclass('background_job_history_days')
			  and c.relname = 'background_job_history_' || right(c.relname, 8)
			  and right(c.relname, 8) ~ '^[0-9]{8}$'
			  and right(c.relname, 8) < to_char((clock_timestamp()
			      - cast(:retention as bigint) * interval '0.000001' second) at time zone 'UTC', 'YYYYMMDD')
			order by day
			""";

	private static final String DROP_DAY = """
			drop table if exists background_job_history_${day}
			""";

	private static final String OLD_BEFORE = """
			select pg_has_role(c.relowner, 'usage')
			from pg_inherits i join pg_class c on c.oid = i.inhrelid
			where i.inhparent = to_regclass('background_job_history')
			  and c.oid = to_regclass('background_job_history_before')
			  and not exists (select 1 from background_job_history h
			      where h.before_days and h.finished_at >= (select clock_timestamp())
			          - cast(:retention as bigint) * interval '0.000001' second)
			""";

	private static final String DROP_BEFORE = """
			drop table if exists background_job_history_before
			""";

	// Of statements that met a lock, another node's table, or what depends on a table.
	private static final Map<String, Obstacle> OBSTACLES = Map.of("55P03", Obstacle.BUSY, "57014", Obstacle.BUSY,
			"40P01", Obstacle.BUSY, "42P07", Obstacle.BUSY, "23505", Obstacle.BUSY, "2BP01", Obstacle.BUSY, "42501",
			Obstacle.FORBIDDEN, "23514", Obstacle.OVERTAKEN, "42P17", Obstacle.OVERTAKEN);

	private final EngineTransactions transactions;

	private final Statements statements;

	PostgresHistoryDays(EngineTransactions transactions, Statements statements) {
		this.transactions = transactions;
		this.statements = statements;
	}

	@Override
	public Upkeep make(int ahead) {
		Upkeep upkeep = Upkeep.NONE;
		for (Lacking lacking : lacking(ahead)) {
			upkeep = upkeep.and(make(lacking));
		}
		return upkeep;
	}

	private List<Lacking> lacking(int ahead) {
		return this.transactions.execute(() -> this.statements.of(LACKING)
			.param("ahead", ahead)
			.query((row, number) -> new Lacking(row.getObject("day", LocalDate.class), row.getBoolean("allowed"),
					row.getBoolean("overtaken")))
			.list());
	}

	private Upkeep make(Lacking lacking) {
		if (!lacking.allowed()) {
			return new Upkeep(0, Obstacle.FORBIDDEN);
		}
		return lacking.overtaken() ? new Upkeep(0, Obstacle.OVERTAKEN) : attempt(() -> create(lacking.day()));
	}

	private boolean create(LocalDate date) {
		String day = date.format(DateTimeFormatter.BASIC_ISO_DATE);
		if (exists(day)) {
			return false;
		}
		of(CREATE, day).update();
		String attach = text(ATTACH, day).replace("${from}", date.toString())
			.replace("${to}", date.plusDays(1).toString());
		this.statements.client().sql(attach).update();
		return true;
	}

	@Override
	public Upkeep drop(Duration retention) {
		Upkeep upkeep = dropBefore(retention);
		for (Old old : oldDays(retention)) {
			upkeep = upkeep.and(drop(old));
		}
		return upkeep;
	}

	private Upkeep dropBefore(Duration retention) {
		List<Boolean> old = this.transactions.execute(() -> this.statements.of(OLD_BEFORE)
			.param("retention", Values.micros(retention))
			.query(Boolean.class)
			.list());
		if (old.isEmpty()) {
			return Upkeep.NONE;
		}
		return old.get(0) ? attempt(() -> {
			this.statements.of(DROP_BEFORE).update();
			return true;
		}) : new Upkeep(0, Obstacle.FORBIDDEN);
	}

	private List<Old> oldDays(Duration retention) {
		return this.transactions.execute(() -> this.statements.of(OLD_DAYS)
			.param("retention", Values.micros(retention))
			.query((row, number) -> new Old(row.getString("day"), row.getBoolean("allowed")))
			.list());
	}

	private Upkeep drop(Old old) {
		return old.allowed() ? attempt(() -> exists(old.day()) && of(DROP_DAY, old.day()).update() == 0)
				: new Upkeep(0, Obstacle.FORBIDDEN);
	}

	private boolean exists(String day) {
		return of(EXISTS, day).query(Boolean.class).single();
	}

	private JdbcClient.StatementSpec of(String statement, String day) {
		return this.statements.client().sql(text(statement, day));
	}

	private String text(String statement, String day) {
		return this.statements.text().of(statement).replace("${day}", day);
	}

	private Upkeep attempt(BooleanSupplier change) {
		try {
			return this.transactions.execute(() -> changeInBounds(change));
		}
		catch (RefusedException ex) {
			logger.debug("The history by day is left as it is", LoggedError.of(ex));
			return new Upkeep(0, ex.obstacle());
		}
	}

	private Upkeep changeInBounds(BooleanSupplier change) {
		try {
			this.statements.of(BOUNDS).query((row, number) -> row.getString(1)).single();
			this.statements.of(TAKE).query((row, number) -> row.getString(1)).single();
			return change.getAsBoolean() ? new Upkeep(1, null) : Upkeep.NONE;
		}
		catch (DataAccessException ex) {
			throw refused(ex);
		}
	}

	private static RuntimeException refused(DataAccessException ex) {
		String state = (NestedExceptionUtils.getMostSpecificCause(ex) instanceof SQLException cause)
				? cause.getSQLState() : null;
		Obstacle obstacle = (state != null) ? OBSTACLES.get(state) : null;
		return (obstacle != null) ? new RefusedException(obstacle, ex) : ex;
	}

	/**
	 * A day without a table.
	 *
	 * @param day the day
	 * @param allowed whether this user may make one
	 * @param overtaken whether rows of the day are in the table for all days
	 */
	private record Lacking(LocalDate day, boolean allowed, boolean overtaken) {
	}

	/**
	 * A day that is over and past its retention.
	 *
	 * @param day the day, as in the name of its table
	 * @param allowed whether this user may drop it
	 */
	private record Old(String day, boolean allowed) {
	}

	/**
	 * A table stays as it is. Not an exception of the database: the transaction would be
	 * tried again at once, and others would wait again.
	 */
	private static final class RefusedException extends RuntimeException {

		private final Obstacle obstacle;

		RefusedException(Obstacle obstacle, DataAccessException cause) {
			super(cause);
			this.obstacle = obstacle;
		}

		Obstacle obstacle() {
			return this.obstacle;
		}

	}

}
