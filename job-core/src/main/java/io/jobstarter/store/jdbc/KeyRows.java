package io.jobstarter.store.jdbc;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

import org.jspecify.annotations.Nullable;

import org.springframework.dao.DuplicateKeyException;

/**
 * The rows that count who holds a key. Each is locked until the transaction ends by
 * whoever takes or gives back a permit, in the order of their names.
 */
class KeyRows {

	static final String LOCK = """
			select name, running, permits, waiting from background_job_key
			where name = any (cast(:names as varchar array))
			order by name
			for update
			""";

	private static final String SET_BY_OPERATORS = """
			select name, permits from background_job_limit where name = any (cast(:names as varchar array))
			""";

	private static final String EXISTS = """
			select count(*) from background_job_key where name = :name
			""";

	private static final String INSERT = """
			insert into background_job_key (name, limit_name, permits, touched_at)
			values (:name, :limitName, :permits, clock_timestamp())
			""";

	private final Statements statements;

	private final Dialect dialect;

	KeyRows(Statements statements, Dialect dialect) {
		this.statements = statements;
		this.dialect = dialect;
	}

	final Statements statements() {
		return this.statements;
	}

	/**
	 * Takes permits, as many of each key as are free, and locks the rows.
	 * @param wanted what is wanted, each key once
	 * @return what was taken of each key, by name
	 */
	Map<String, Taken> take(Collection<Wanted> wanted) {
		Map<String, Integer> permits = permits(wanted);
		Map<String, KeyRow> rows = lockAll(wanted, permits);
		Map<String, Taken> taken = new HashMap<>();
		List<Change> changes = new ArrayList<>();
		for (Wanted one : wanted) {
			int allowed = Objects.requireNonNull(permits.get(one.name()));
			KeyRow row = Objects.requireNonNull(rows.get(one.name()));
			int got = Math.max(0, Math.min(one.count(), allowed - row.running()));
			taken.put(one.name(), new Taken(got, row.waiting()));
			changes.add(new Change(one.name(), got, null, allowed));
		}
		change(changes);
		return taken;
	}

	// What operators have set goes before what nodes say.
	private Map<String, Integer> permits(Collection<Wanted> wanted) {
		Map<String, Integer> set = setByOperators(wanted.stream().map(Wanted::limit).distinct().toList());
		return wanted.stream()
			.collect(Collectors.toMap(Wanted::name,
					(one) -> one.isOrder() ? 1 : set.getOrDefault(one.limit(), one.permits())));
	}

	/**
	 * Reads what operators have set.
	 * @param limits the names of limits
	 * @return how many jobs of a key may run, by the name of the limit
	 */
	final Map<String, Integer> setByOperators(Collection<String> limits) {
		Map<String, Integer> set = new HashMap<>();
		this.statements.of(SET_BY_OPERATORS).param("names", limits.toArray(String[]::new)).query((row) -> {
			set.put(row.getString("name"), row.getInt("permits"));
		});
		return set;
	}

	// Those that are there first: of a row that is inserted nothing is known of others
	// who do the same, and databases detect it if two wait for each other.
	private Map<String, KeyRow> lockAll(Collection<Wanted> wanted, Map<String, Integer> permits) {
		Set<String> names = wanted.stream().map(Wanted::name).collect(Collectors.toCollection(TreeSet::new));
		Map<String, KeyRow> rows = lock(names);
		names.removeAll(rows.keySet());
		if (!names.isEmpty()) {
			wanted.stream()
				.filter((one) -> names.contains(one.name()))
				.forEach((one) -> insert(one.name(), one.limit(), Objects.requireNonNull(permits.get(one.name()))));
			rows.putAll(lock(names));
		}
		return rows;
	}

	/**
	 * Inserts a row unless there is one.
	 * @param name its name
	 * @param limit the name of the limit
	 * @param permits how many may hold the key
	 */
	final void ensure(String name, String limit, int permits) {
		if (this.statements.of(EXISTS).param("name", name).query(Long.class).single() == 0) {
			insert(name, limit, permits);
		}
	}

	private void insert(String name, String limit, int permits) {
		try {
			this.statements.of(INSERT).param("name", name).param("limitName", limit).param("permits", permits).update();
		}
		catch (DuplicateKeyException ex) {
			// Somebody else did. That is as good.
		}
	}

	/**
	 * Locks rows.
	 * @param names their names
	 * @return those that there are, by name
	 */
	final Map<String, KeyRow> lock(Collection<String> names) {
		Map<String, KeyRow> rows = new LinkedHashMap<>();
		this.statements.of(LOCK).param("names", names.toArray(String[]::new)).query((row) -> {
			rows.put(row.getString("name"), new KeyRow(row));
		});
		return rows;
	}

	/**
	 * Gives permits back, and locks the rows.
	 * @param counts how many of each key, by name
	 * @return how the rows stand then, by name
	 */
	Map<String, KeyRow> giveBack(Map<String, Integer> counts) {
		Map<String, KeyRow> rows = lock(counts.keySet());
		change(rows.keySet().stream().map((name) -> Change.of(name, -counts.getOrDefault(name, 0))).toList());
		rows.replaceAll((name, row) -> row.plus(-counts.getOrDefault(name, 0)));
		return rows;
	}

	/**
	 * Changes rows that are locked.
	 * @param changes the changes, each row once
	 */
	final void change(List<Change> changes) {
		if (changes.isEmpty()) {
			return;
		}
		this.statements.of(this.dialect.changeKeys())
			.param("names", changes.stream().map(Change::name).toArray(String[]::new))
			.param("deltas", changes.stream().map(Change::delta).toArray(Integer[]::new))
			.param("waiting", changes.stream().map(Change::waitingFlag).toArray(Short[]::new))
			.param("permits", changes.stream().map(Change::permits).toArray(Integer[]::new))
			.update();
	}

	/**
	 * A key of which permits are wanted.
	 *
	 * @param name the name of its row
	 * @param limit the name of the limit
	 * @param isOrder whether it is an order, of which there is one permit
	 * @param count how many are wanted
	 * @param permits how many there are
	 */
	record Wanted(String name, String limit, boolean isOrder, int count, int permits) {

		Wanted plus(int jobs) {
			return new Wanted(this.name, this.limit, this.isOrder, this.count + jobs, this.permits);
		}

	}

	/**
	 * What was taken of a key.
	 *
	 * @param permits how many permits
	 * @param waiting whether others may wait for it
	 */
	record Taken(int permits, boolean waiting) {
	}

	/**
	 * A row.
	 *
	 * @param running how many jobs hold the key
	 * @param permits how many may
	 * @param waiting whether others may wait for it
	 */
	record KeyRow(int running, int permits, boolean waiting) {

		KeyRow(ResultSet row) throws SQLException {
			this(row.getInt("running"), row.getInt("permits"), row.getInt("waiting") == 1);
		}

		KeyRow plus(int jobs) {
			return new KeyRow(this.running + jobs, this.permits, this.waiting);
		}

		int free() {
			return this.permits - this.running;
		}

	}

	/**
	 * A change of a row.
	 *
	 * @param name its name
	 * @param delta how many more jobs hold the key
	 * @param waiting whether others may wait for it, or {@code null} to leave that
	 * @param permits how many may hold it, or {@code null} to leave that
	 */
	record Change(String name, int delta, @Nullable Boolean waiting, @Nullable Integer permits) {

		static Change of(String name, int delta) {
			return new Change(name, delta, null, null);
		}

		static Change waiting(String name, int delta, boolean waiting) {
			return new Change(name, delta, waiting, null);
		}

		@Nullable Short waitingFlag() {
			return (this.waiting == null) ? null : (short) (this.waiting ? 1 : 0);
		}

	}

}
