package io.jobstarter.faults.network;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.function.IntFunction;
import java.util.stream.Collectors;

import org.springframework.jdbc.core.JdbcTemplate;

/**
 * Judges a run in which attempts may fail, for their bodies need the network as well, by
 * what is recorded of each: nothing is lost, no effect is there twice, and no body
 * started more often than its recorded failures, its conflicts and the leases that nodes
 * lost while they held it explain.
 */
final class NetworkOracle {

	private static final int SHOWN = 5;

	private static final String FACTS = """
			select j.number, j.job_id,
			    (select count(*) from background_job_history h
			     where h.id = j.job_id and h.state = 'SUCCEEDED') as successes,
			    (select coalesce(max(h.attempts), 0) from background_job_history h where h.id = j.job_id) as attempts,
			    (select coalesce(max(h.crashes), 0) from background_job_history h where h.id = j.job_id) as crashes,
			    (select count(*) from background_job_failure f where f.job_id = j.job_id) as failures,
			    (select count(*) from effect e where e.number = j.number) as effects,
			    (select count(*) from ledger l where l.number = j.number) as starts,
			    (select count(*) from postponed p where p.job_id = j.job_id) as postponed
			from planned j order by j.number
			""";

	private static final String UNKNOWN = """
			select number from ledger where number not in (select number from planned)
			union all
			select number from effect where number not in (select number from planned)
			""";

	private final JdbcTemplate jdbc;

	private final List<Map<String, Object>> jobs;

	private final List<Long> givenBack;

	/**
	 * Reads what became of the jobs.
	 * @param jdbc the database
	 * @param ids the jobs' ids by their numbers
	 * @param givenBack the ids of the jobs that nodes have given back in the midst since
	 * their leases may have been over, once for each time
	 */
	NetworkOracle(JdbcTemplate jdbc, Map<Integer, Long> ids, List<Long> givenBack) {
		this.jdbc = jdbc;
		this.givenBack = givenBack;
		jdbc.execute("create table if not exists planned (number int primary key, job_id bigint not null)");
		jdbc.update("delete from planned");
		jdbc.batchUpdate("insert into planned values (?, ?)",
				ids.entrySet().stream().map((job) -> new Object[] { job.getKey(), job.getValue() }).toList());
		this.jobs = jdbc.queryForList(FACTS);
	}

	/**
	 * Finds what went wrong.
	 * @param timelines tells what happened to a job
	 * @return a line for each violation, and the timelines of the first of them
	 */
	List<String> violations(IntFunction<String> timelines) {
		List<String> violations = new ArrayList<>();
		for (Map<String, Object> job : this.jobs) {
			String broken = broken(job);
			if (!broken.isEmpty()) {
				String timeline = (violations.size() < SHOWN) ? "\n" + timelines.apply(number(job, "number")) : "";
				violations.add(broken + ": " + job + timeline);
			}
		}
		this.jdbc.queryForList(UNKNOWN, Integer.class).forEach((number) -> violations.add("UNEXPECTED job " + number));
		return violations;
	}

	private String broken(Map<String, Object> job) {
		int number = number(job, "number");
		int effects = NetworkRun.isEffect(number) ? 1 : 0;
		if (number(job, "successes") != 1 || number(job, "effects") < effects) {
			return "LOST";
		}
		if (number(job, "effects") > effects) {
			return "UNEXPECTED";
		}
		if (number(job, "attempts") != number(job, "failures")) {
			return "MISCOUNTED";
		}
		return (number(job, "starts") > 1 + explained(job)) ? "DUPLICATED" : "";
	}

	private int explained(Map<String, Object> job) {
		return number(job, "failures") + number(job, "crashes") + number(job, "postponed")
				+ Collections.frequency(this.givenBack, job.get("job_id"));
	}

	String summary() {
		return this.givenBack.size() + " given back without a lease, "
				+ this.jobs.stream()
					.flatMap((job) -> job.entrySet().stream())
					.filter((fact) -> !fact.getKey().equals("number") && !fact.getKey().equals("job_id"))
					.collect(Collectors.groupingBy(Map.Entry::getKey,
							Collectors.summingInt((fact) -> ((Number) fact.getValue()).intValue())))
					.toString();
	}

	private static int number(Map<String, Object> job, String fact) {
		return ((Number) job.get(fact)).intValue();
	}

}
