package io.jobstarter.faults.soak;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

import io.jobstarter.faults.NodeConsole;
import io.jobstarter.faults.fleet.FleetDatabase;
import io.jobstarter.faults.fleet.NodeProcess;
import org.jspecify.annotations.Nullable;

/**
 * Measures nodes and their database. Sizes are in MiB.
 */
final class Meter {

	private static final double MIB = 1024 * 1024;

	private static final String TABLES = """
			select case when relname like 'background_job_history%' then 'history'
			            else replace(relname, 'background_job_', '') end as name,
			    sum(pg_relation_size(oid)) as bytes, sum(pg_indexes_size(oid)) as index_bytes,
			    sum(pg_stat_get_dead_tuples(oid)) as dead
			from pg_class where relkind = 'r' and relname like 'background_job_%'
			group by 1
			""";

	private static final String SESSIONS = """
			select application_name as name, count(*) as sessions from pg_stat_activity
			where datname = current_database() group by 1
			""";

	private static final String JOBS = """
			select count(*) as jobs, count(*) filter (where state = 0 and worker is null) as ready,
			    coalesce(extract(epoch from clock_timestamp()
			        - min(due_at) filter (where state = 0 and worker is null)), 0) as oldest,
			    (select count(*) from background_job_history) as history,
			    pg_wal_lsn_diff(pg_current_wal_lsn(), '0/0') as wal
			from background_job_job
			""";

	private final FleetDatabase database;

	Meter(FleetDatabase database) {
		this.database = database;
	}

	Map<String, Double> server() {
		Map<String, Double> values = new HashMap<>();
		this.database.jdbc().query(TABLES, (row) -> {
			String name = row.getString("name");
			values.put("table " + name, row.getDouble("bytes") / MIB);
			values.put("indexes " + name, row.getDouble("index_bytes") / MIB);
			values.put("dead rows " + name, row.getDouble("dead"));
		});
		this.database.jdbc().query(JOBS, (row) -> {
			values.put("jobs", row.getDouble("jobs"));
			values.put("ready jobs", row.getDouble("ready"));
			values.put("oldest ready job", row.getDouble("oldest"));
			values.put("rows of the history", row.getDouble("history"));
			values.put("WAL position", row.getDouble("wal") / MIB);
		});
		return values;
	}

	/**
	 * Measures a node.
	 * @param role what to call it
	 * @param node the node
	 * @return what it uses, nothing if it is not up yet
	 */
	Map<String, Double> node(String role, NodeProcess node) {
		Map<String, Double> values = new HashMap<>();
		String usage = node.ask(NodeConsole.USAGE);
		if (!usage.contains("=")) {
			return values;
		}
		Map<String, Double> used = parse(usage);
		values.put("heap " + role, used.get("heap") / MIB);
		values.put("outside of the heap " + role, used.get("nonheap") / MIB);
		values.put("threads " + role, used.get("threads"));
		putIfThere(values, "descriptors " + role, used.get("descriptors"));
		putIfThere(values, "CPU " + role, used.get("cpu"));
		values.put("resident " + role, resident(node.pid()) / MIB);
		return values;
	}

	private static void putIfThere(Map<String, Double> values, String name, @Nullable Double value) {
		if (value != null) {
			values.put(name, value);
		}
	}

	private static Map<String, Double> parse(String usage) {
		Map<String, Double> used = new HashMap<>();
		for (String pair : usage.split(" ")) {
			String[] parts = pair.split("=");
			used.put(parts[0], Double.valueOf(parts[1]));
		}
		return used;
	}

	private static double resident(long pid) {
		try {
			return Files.readAllLines(Path.of("/proc", String.valueOf(pid), "status"))
				.stream()
				.filter((line) -> line.startsWith("VmRSS:"))
				.mapToDouble((line) -> 1024 * Double.parseDouble(line.replaceAll("\\D+", "")))
				.findFirst()
				.orElse(0);
		}
		catch (IOException ex) {
			// Only Linux tells it in this way.
			return 0;
		}
	}

	/**
	 * Counts the sessions of the database.
	 * @return how many there are, by the name of the node, and over all
	 */
	Map<String, Integer> sessions() {
		Map<String, Integer> sessions = new HashMap<>();
		this.database.jdbc().query(SESSIONS, (row) -> {
			sessions.merge(row.getString("name"), row.getInt("sessions"), Integer::sum);
		});
		return sessions;
	}

}
