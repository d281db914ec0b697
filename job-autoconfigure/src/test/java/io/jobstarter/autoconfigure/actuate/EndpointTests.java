package io.jobstarter.autoconfigure.actuate;

import java.lang.management.ManagementFactory;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import javax.management.MBeanOperationInfo;
import javax.management.MBeanServer;
import javax.management.ObjectName;

import io.jobstarter.Audit;
import io.jobstarter.DeadLetterFilter;
import io.jobstarter.JobClient;
import io.jobstarter.JobId;
import io.jobstarter.JobOperations;
import io.jobstarter.JobState;
import io.jobstarter.RecurringRequest;
import io.jobstarter.RedriveRequest;
import io.jobstarter.RedriveState;
import io.jobstarter.autoconfigure.Greetings.Greet;
import io.jobstarter.autoconfigure.Greetings.Refuse;
import io.jobstarter.autoconfigure.actuate.HttpApplication.Answer;
import io.jobstarter.testdatabases.EmbeddedPostgres;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.actuate.endpoint.OperationType;
import org.springframework.boot.actuate.endpoint.SecurityContext;
import org.springframework.boot.actuate.endpoint.web.ExposableWebEndpoint;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;
import org.springframework.util.StringUtils;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Tests of what {@code /actuator/jobs} and {@code /actuator/deadletters} show over HTTP.
 */
class EndpointTests {

	private static final int SCHEDULED = 230;

	private static final String NUL = "%00";

	private static final List<String> BEYOND_THE_FOUND = List.of("deadletters/redrives?before=",
			"deadletters/redrives?limit=", "joblimits/account?limit=", "jobs?sort=", "deadletters?order=",
			"jobqueues?sort=", "recurringjobs?order=");

	private static final List<String> BODIES = List.of("{\"action\":\"cancel\"}", "{\"action\":\"pause\"}",
			"{\"action\":\"force-open\",\"name\":\"smtp\"}", "{\"action\":\"set\",\"permits\":3}",
			"{\"action\":\"run\"}", "{\"why\":\"because\"}", "[]");

	private static final String JMX = "io.jobstarter.endpoint-tests";

	private static HttpApplication application;

	private static OurEndpoints endpoints;

	private static JobId succeeded;

	private static JobId ready;

	private static List<JobId> scheduled;

	private static List<JobId> dead;

	@BeforeAll
	static void start() {
		application = HttpApplication.start("spring.datasource.url=" + EmbeddedPostgres.shared().createDatabase(),
				"spring.datasource.username=postgres", "spring.datasource.password=postgres",
				"background-jobs.actuator.show-errors=always", "spring.jmx.enabled=true",
				"spring.jmx.default-domain=" + JMX, "management.endpoints.jmx.domain=" + JMX,
				"management.endpoints.jmx.exposure.include=*");
		endpoints = new OurEndpoints(application);
		JobClient jobs = application.bean(JobClient.class);
		succeeded = jobs.job(new Greet("Ada")).tag("tenant:7").enqueue().id();
		dead = new ArrayList<>(jobs.enqueueAll(List.of(new Refuse("one"), new Refuse("two"), new Refuse("three")))
			.stream()
			.map((enqueued) -> enqueued.id())
			.toList());
		ready = jobs.job(new Greet("secret name")).queue("nobody").header("token", "secret token").enqueue().id();
		scheduled = IntStream.range(0, SCHEDULED)
			.mapToObj((i) -> jobs.job(new Greet("later")).in(Duration.ofDays(1)).enqueue().id())
			.toList();
		JobOperations operations = application.bean(JobOperations.class);
		await().until(() -> operations.find(succeeded).orElseThrow().state() == JobState.SUCCEEDED);
		await().until(() -> dead.stream().allMatch((id) -> operations.find(id).orElseThrow().state() == JobState.DEAD));
		operations.addNote(dead.get(1), "looking into it", "alice");
		operations.recurring().put(RecurringRequest.of("yearly", "0 0 3 1 1 *", new Greet("Ada")));
		operations.limits().set("account", 7, Audit.NONE);
		operations.forceOpen("smtp", "down");
		long redrive = operations.redrives()
			.start(RedriveRequest.of(DeadLetterFilter.OPEN.withName("no-such")), Audit.NONE);
		await().until(() -> operations.redrives().find(redrive).orElseThrow().state() == RedriveState.DONE);
	}

	@AfterAll
	static void stop() {
		application.close();
	}

	@Test
	void listsTheNewestJobsFirst() {
		Answer answer = application.get("jobs");
		assertThat(answer.status()).isEqualTo(200);
		assertThat(answer.<List<Integer>>json("$.items[*].id")).hasSize(50)
			.startsWith((int) last(scheduled).value())
			.isSortedAccordingTo((one, two) -> two - one);
	}

	@Test
	void showsWhereAJobStands() {
		Answer answer = application.get("jobs?state=succeeded");
		assertThat(answer.number("$.items.length()")).isEqualTo(1);
		assertThat(answer.number("$.items[0].id")).isEqualTo(succeeded.value());
		assertThat(answer.<String>json("$.items[0].name")).isEqualTo("greet");
		assertThat(answer.<String>json("$.items[0].queue")).isEqualTo("default");
		assertThat(answer.<String>json("$.items[0].state")).isEqualTo("SUCCEEDED");
		assertThat(answer.<List<String>>json("$.items[0].tags")).containsExactly("tenant:7");
		assertThat(answer.<String>json("$.items[0].worker")).matches("\\d+");
		assertThat(answer.<String>json("$.items[0].finishedAt")).contains("T");
	}

	@ParameterizedTest
	@CsvSource({ "state=DEAD, 3", "'state=succeeded,dead', 4", "'state=+dead+', 3", "name=refuse, 3", "name=nothing, 0",
			"queue=broken, 3", "queue=nobody, 1", "tag=tenant:7, 1", "tag=tenant, 0", "state=ready&queue=nobody, 1",
			"state=ready&queue=broken, 0", "state=&queue=nobody, 1", "queue=nobody&name=, 1" })
	void listsOnlyWhatIsAskedFor(String query, int jobs) {
		Answer answer = application.get("jobs?" + query);
		assertThat(answer.status()).isEqualTo(200);
		assertThat(answer.number("$.items.length()")).isEqualTo(jobs);
	}

	@Test
	void leadsFromPageToPage() {
		List<Integer> ids = new ArrayList<>();
		Answer page = application.get("jobs?state=scheduled&limit=100");
		while (true) {
			ids.addAll(page.json("$.items[*].id"));
			if (page.<List<Integer>>json("$..next").isEmpty()) {
				break;
			}
			page = application.get("jobs?state=scheduled&limit=100&before=" + page.number("$.next"));
		}
		assertThat(ids).hasSize(SCHEDULED).doesNotHaveDuplicates().isSortedAccordingTo((one, two) -> two - one);
	}

	@ParameterizedTest
	@ValueSource(strings = { "201", "1000000000", "1000000000000" })
	void showsNoMoreThanTwoHundredHoweverManyAreAskedFor(String limit) {
		Answer answer = application.get("jobs?limit=" + limit);
		assertThat(answer.status()).isEqualTo(200);
		assertThat(answer.number("$.items.length()")).isEqualTo(JobOperations.MAX_PAGE_SIZE);
	}

	@ParameterizedTest
	@EnumSource(Crowd.class)
	void showsNoMoreThanTwoHundredOfAnything(Crowd crowd) {
		JdbcTemplate jdbc = application.bean(JdbcTemplate.class);
		jdbc.execute(crowd.insert);
		try {
			for (String limit : List.of("201", "1000000000", "9223372036854775807")) {
				String path = crowd.path + (crowd.path.endsWith("groups") ? "" : "?limit=" + limit);
				Answer answer = application.get(path);
				assertThat(answer.status()).as(path).isEqualTo(200);
				assertThat(answer.number("$." + crowd.items + ".length()")).isEqualTo(JobOperations.MAX_PAGE_SIZE);
			}
		}
		finally {
			jdbc.execute(crowd.delete);
		}
	}

	// What is inserted is rolled back: no other transaction sees it.
	@Test
	void readsForAPageOfABillionNoMoreRowsThanForOneOfTwoHundred() {
		JdbcTemplate jdbc = application.bean(JdbcTemplate.class);
		new TransactionTemplate(application.bean(PlatformTransactionManager.class)).executeWithoutResult((status) -> {
			Stream.of(Crowd.values())
				.map((crowd) -> crowd.insert.replace("300", "5000"))
				.distinct()
				.forEach(jdbc::execute);
			jdbc.execute("""
					insert into background_job_job (name, queue, state, due_at, payload)
					select 'crowd', 'default', 1, now() + interval '1' year, '{}' from generate_series(1, 5000)
					""");
			jdbc.execute("analyze background_job_job, background_job_dead_letter, background_job_redrive, "
					+ "background_job_recurring, background_job_key");
			List<Long> few = pages().stream().map((page) -> reads(jdbc, () -> page.apply("200"))).toList();
			List<Long> many = pages().stream().map((page) -> reads(jdbc, () -> page.apply("1000000000"))).toList();
			assertThat(many).isEqualTo(few);
			// Dead letters and redrives are read from where the page begins.
			assertThat(many.subList(1, 3)).allMatch((rows) -> rows < 500);
			status.setRollbackOnly();
		});
	}

	private static List<Function<String, Object>> pages() {
		JobsEndpoint jobs = application.bean(JobsEndpoint.class);
		DeadLettersEndpoint letters = application.bean(DeadLettersEndpoint.class);
		RecurringJobsEndpoint recurring = application.bean(RecurringJobsEndpoint.class);
		JobLimitsEndpoint limits = application.bean(JobLimitsEndpoint.class);
		return List.of((limit) -> jobs.jobs(SecurityContext.NONE, null, null, null, null, null, limit),
				(limit) -> letters.deadLetters(SecurityContext.NONE, null, null, null, null, null, null, limit),
				(limit) -> letters.deadLetter(SecurityContext.NONE, "redrives", null, limit),
				(limit) -> jobs.jobs(SecurityContext.NONE, "scheduled", "crowd", null, null, "999999999999", limit),
				(limit) -> recurring.list(SecurityContext.NONE, "a", limit).items(),
				(limit) -> limits.keys("crowd", limit));
	}

	private static long reads(JdbcTemplate jdbc, Supplier<Object> page) {
		String reads = """
				select coalesce(sum(seq_tup_read + idx_tup_fetch), 0) from pg_stat_xact_user_tables
				where relname like 'background_job_%'
				""";
		Long before = jdbc.queryForObject(reads, Long.class);
		assertThat(page.get()).isNotNull();
		Long after = jdbc.queryForObject(reads, Long.class);
		return after - before;
	}

	// Failures and notes are those of dead.get(2), which other tests do not look at.
	@Test
	void showsNoMoreThanTwoHundredFailuresAndNotes() {
		long id = dead.get(2).value();
		JdbcTemplate jdbc = application.bean(JdbcTemplate.class);
		jdbc.update("""
				insert into background_job_failure (job_id, number, worker, claim, error_class, message, stack_trace)
				select ?, n, 1, 1, 'a', 'b', 'c' from generate_series(2, 301) n
				""", id);
		jdbc.update("""
				insert into background_job_dead_letter_note (job_id, text) select ?, 'n' from generate_series(1, 300)
				""", id);
		try {
			Answer letter = application.get("deadletters/" + id);
			assertThat(letter.number("$.failures.length()")).isEqualTo(JobOperations.MAX_PAGE_SIZE);
			assertThat(letter.number("$.notes.length()")).isEqualTo(JobOperations.MAX_PAGE_SIZE);
			Answer job = application.get("jobs/" + id);
			assertThat(job.number("$.failures.length()")).isEqualTo(JobOperations.MAX_PAGE_SIZE);
			assertThat(job.number("$.timeline.length()")).isLessThanOrEqualTo(JobOperations.MAX_PAGE_SIZE + 5);
		}
		finally {
			jdbc.update("delete from background_job_failure where job_id = ? and number > 1", id);
			jdbc.update("delete from background_job_dead_letter_note where job_id = ?", id);
		}
	}

	@Test
	void showsOneJobWithItsFailures() {
		Answer answer = application.get("jobs/" + dead.get(0));
		assertThat(answer.status()).isEqualTo(200);
		assertThat(answer.<String>json("$.job.state")).isEqualTo("DEAD");
		assertThat(answer.<String>json("$.failures[0].errorClass")).isEqualTo(IllegalStateException.class.getName());
		assertThat(answer.<String>json("$.failures[0].message")).isEqualTo("one");
		assertThat(answer.<String>json("$.failures[0].stackTrace")).contains("Greetings.refuse");
	}

	@Test
	void tellsWhyAJobDoesNotRun() {
		Answer answer = application.get("jobs/" + ready + "/why");
		assertThat(answer.status()).isEqualTo(200);
		assertThat(answer.number("$.id")).isEqualTo(ready.value());
		assertThat(answer.<String>json("$.state")).isEqualTo("READY");
		assertThat(answer.<String>json("$.at")).contains("T");
		assertThat(answer.<String>json("$.reasons[0].code")).isEqualTo("QUEUE_NOT_SERVED");
		assertThat(answer.<String>json("$.reasons[0].sentence"))
			.isEqualTo("No live worker serves queue nobody: 1 worker serves broken, default, slow.");
		assertThat(answer.<List<String>>json("$.reasons[0].details.served")).containsExactly("broken", "default",
				"slow");
	}

	@Test
	void showsTheTimesOfAReasonAsText() {
		Answer answer = application.get("jobs/" + scheduled.get(0) + "/why");
		assertThat(answer.<String>json("$.reasons[0].code")).isEqualTo("DUE_LATER");
		assertThat(answer.<String>json("$.reasons[0].details.dueAt")).contains("T");
	}

	@Test
	void showsTheLifeOfAJob() {
		Answer answer = application.get("jobs/" + dead.get(0));
		assertThat(answer.<List<String>>json("$.timeline[*].kind")).containsSubsequence("ENQUEUED", "FAILED", "DIED");
		assertThat(answer.<String>json("$.timeline[0].at")).contains("T");
	}

	@ParameterizedTest
	@ValueSource(strings = { "jobs/0", "jobs/0/why", "jobs/999999999/why", "jobs/1/whynot", "jobs/999999999",
			"jobs/9223372036854775807", "deadletters/999999999" })
	void doesNotFindWhatIsNotThere(String path) {
		assertThat(application.get(path).status()).isEqualTo(404);
	}

	@Test
	void findsNoDeadLetterOfAJobThatSucceeded() {
		assertThat(application.get("deadletters/" + succeeded).status()).isEqualTo(404);
	}

	@ParameterizedTest
	@CsvSource({ "jobs/-1, a job id is a positive number", "jobs/one, a job id is a positive number",
			"jobs/9223372036854775808, a job id is a positive number", "deadletters/x, a job id is a positive number",
			"jobs?before=x, a job id is a positive number", "deadletters?before=-7, a job id is a positive number",
			"jobs?state=asleep, 'state is one of [scheduled, ready,'", "'jobs?state=ready,,dead', 'Missing: state'",
			"deadletters?reason=boredom, 'reason is one of ['", "jobs?limit=0, limit is at least 1",
			"jobs?limit=-1, limit is at least 1", "deadletters?limit=0, limit is at least 1",
			"jobs?name=" + NUL + ", does not match", "jobs?queue=" + NUL + ", does not match",
			"jobs?tag=" + NUL + ", does not match", "deadletters?name=" + NUL + ", does not match",
			"deadletters?queue=" + NUL + ", does not match" })
	void saysWhatIsWrongWithARequest(String path, String reason) {
		Answer answer = application.get(path);
		assertThat(answer.status()).isEqualTo(400);
		assertThat(answer.<String>json("$.error")).contains(reason);
	}

	@ParameterizedTest
	@ValueSource(strings = { "jobs?limit=many", "jobs?limit=1.5", "deadletters?open=perhaps" })
	void refusesWhatHasAnotherType(String path) {
		assertThat(application.get(path).status()).isEqualTo(400);
	}

	@Test
	void masksPayloadsAndHeaderValues() {
		Answer list = application.get("jobs?queue=nobody");
		assertThat(list.<String>json("$.items[0].payload")).isEqualTo("******");
		assertThat(list.<String>json("$.items[0].headers.token")).isEqualTo("******");
		assertThat(application.get("jobs/" + ready).body()).doesNotContain("secret").contains("******");
		assertThat(application.getAs("admin", "jobs/" + ready).body()).doesNotContain("secret");
		assertThat(application.get("deadletters").<List<String>>json("$.items[*].payload")).containsOnly("******");
	}

	@Test
	void listsDeadLettersThatNobodyHasResolved() {
		Answer answer = application.get("deadletters");
		assertThat(answer.<List<Integer>>json("$.items[*].id")).containsExactlyElementsOf(
				dead.stream().map((id) -> (int) id.value()).sorted((one, two) -> two - one).toList());
		assertThat(answer.<String>json("$.items[0].reason")).isEqualTo("EXHAUSTED");
		assertThat(answer.<String>json("$.items[0].errorClass")).isEqualTo(IllegalStateException.class.getName());
		assertThat(answer.<List<String>>json("$..resolvedAt")).isEmpty();
	}

	@ParameterizedTest
	@CsvSource({ "open=true, 3", "open=false, 0", "name=refuse, 3", "name=greet, 0", "queue=broken, 3",
			"queue=default, 0", "reason=exhausted, 3", "reason=crash, 0", "limit=2, 2", "limit=1000000000, 3" })
	void listsOnlyDeadLettersThatAreAskedFor(String query, int letters) {
		Answer answer = application.get("deadletters?" + query);
		assertThat(answer.status()).isEqualTo(200);
		assertThat(answer.number("$.items.length()")).isEqualTo(letters);
	}

	@Test
	void leadsFromPageToPageOfDeadLetters() {
		Answer first = application.get("deadletters?limit=2");
		Answer second = application.get("deadletters?limit=2&before=" + first.number("$.next"));
		assertThat(second.number("$.items.length()")).isEqualTo(1);
		assertThat(second.body()).doesNotContain("next", "null");
		assertThat(second.<List<Integer>>json("$.items[*].id"))
			.doesNotContainAnyElementsOf(first.<List<Integer>>json("$.items[*].id"));
	}

	@Test
	void showsOneDeadLetterWithItsFailures() {
		Answer answer = application.get("deadletters/" + dead.get(1));
		assertThat(answer.status()).isEqualTo(200);
		assertThat(answer.<String>json("$.deadLetter.message")).isEqualTo("two");
		assertThat(answer.number("$.deadLetter.attempts")).isEqualTo(1);
		assertThat(answer.<String>json("$.failures[0].message")).isEqualTo("two");
		assertThat(answer.<String>json("$.deadLetter.state")).isEqualTo("OPEN");
		assertThat(answer.<String>json("$.deadLetter.fingerprint")).matches("[0-9a-f]{16}");
		assertThat(answer.<String>json("$.notes[0].author")).isEqualTo("alice");
		assertThat(answer.<String>json("$.notes[0].text")).isEqualTo("looking into it");
	}

	@Test
	void groupsOpenDeadLetters() {
		Answer answer = application.get("deadletters/groups");
		assertThat(answer.status()).isEqualTo(200);
		assertThat(answer.number("$.groups.length()")).isEqualTo(1);
		assertThat(answer.<String>json("$.groups[0].name")).isEqualTo("refuse");
		assertThat(answer.number("$.groups[0].count")).isEqualTo(3);
		assertThat(answer.<String>json("$.groups[0].errorClass")).isEqualTo(IllegalStateException.class.getName());
		String fingerprint = answer.json("$.groups[0].fingerprint");
		assertThat(application.get("deadletters?fingerprint=" + fingerprint).number("$.items.length()")).isEqualTo(3);
		assertThat(application.get("deadletters?fingerprint=crash").number("$.items.length()")).isZero();
	}

	@ParameterizedTest
	@ValueSource(strings = { "jobs?sort=id", "jobs?nmae=greet", "jobs/1?limit=1", "deadletters/groups?limit=1",
			"jobqueues?name=x", "jobworkers?host=x", "jobbreakers?order=name", "deadletters/redrives?sort=id" })
	void refusesParametersThatThereAreNot(String path) {
		Answer answer = application.get(path);
		assertThat(answer.status()).isEqualTo(400);
		assertThat(answer.<String>json("$.error")).isNotEmpty();
	}

	@Test
	void refusesSqlInEveryFilterAndHarmsNothing() {
		Map<String, String> before = Tables.of(application.bean(JdbcTemplate.class));
		List<String> filters = new ArrayList<>(BEYOND_THE_FOUND);
		filters.addAll(endpoints.filters());
		assertThat(filters).contains("joblimits?after=", "recurringjobs?after=", "jobs?tag=").hasSizeGreaterThan(30);
		for (String filter : filters) {
			for (String sql : List.of("x' or 1=1 --", "'; drop table background_job_job; --", "1 union select 1", "%",
					"x) or (1=1", "\"x\"")) {
				Answer answer = application.get(filter + URLEncoder.encode(sql, StandardCharsets.UTF_8));
				// A circuit breaker may be called anything.
				if (filter.equals("jobbreakers?after=")) {
					assertThat(answer.status()).isEqualTo(200);
					continue;
				}
				assertThat(answer.status()).as(filter + sql).isEqualTo(400);
				assertThat(answer.<String>json("$.error")).isNotEmpty();
			}
		}
		assertThat(Tables.of(application.bean(JdbcTemplate.class))).isEqualTo(before);
	}

	@Test
	void offersNothingThatChangesAnythingByHttpOrJmx() throws Exception {
		assertThat(endpoints.exposed()).hasSizeGreaterThanOrEqualTo(7)
			.allSatisfy((endpoint) -> assertThat(endpoint.getOperations()).isNotEmpty()
				.allMatch((operation) -> operation.getType() == OperationType.READ));
		MBeanServer server = ManagementFactory.getPlatformMBeanServer();
		for (ExposableWebEndpoint endpoint : endpoints.exposed()) {
			ObjectName name = new ObjectName(
					JMX + ":type=Endpoint,name=" + StringUtils.capitalize(endpoint.getEndpointId().toString()));
			assertThat(server.getMBeanInfo(name).getOperations()).isNotEmpty()
				.allMatch((operation) -> operation.getImpact() == MBeanOperationInfo.INFO);
		}
	}

	@Test
	void changesNothingWhateverIsAskedFor() {
		Map<String, String> before = Tables.of(application.bean(JdbcTemplate.class));
		assertThat(before.get("background_job_recurring")).contains("yearly");
		assertThat(before).containsKeys("background_job_limit", "background_job_key", "background_job_rate",
				"background_job_recurring_fire", "background_job_redrive_canary");
		for (String path : paths()) {
			for (String body : BODIES) {
				assertForbidden("POST", path, body);
			}
			List.of("PUT", "PATCH", "DELETE").forEach((method) -> assertForbidden(method, path, BODIES.get(0)));
			for (String method : List.of("GET", "HEAD", "OPTIONS")) {
				assertThat(application.send(method, path, BODIES.get(0)).status()).as(method + " " + path)
					.isLessThan(500);
			}
		}
		assertThat(application.get("jobs/" + scheduled.get(0) + "?action=cancel").status()).isEqualTo(400);
		assertThat(application.get("recurringjobs/yearly?action=run").status()).isEqualTo(400);
		assertThat(Tables.of(application.bean(JdbcTemplate.class))).isEqualTo(before);
	}

	private static List<String> paths() {
		List<String> targets = Stream
			.of(ready, scheduled.get(0), dead.get(0), "redrives", "groups", "yearly", "account", "default", "nobody",
					"smtp", "1", "why")
			.map(Object::toString)
			.toList();
		List<String> paths = endpoints.paths(targets, List.of("why", "1"));
		assertThat(paths).contains("jobs/" + ready + "/why", "deadletters/groups", "deadletters/redrives/1",
				"recurringjobs/yearly", "joblimits/account");
		return paths;
	}

	private static void assertForbidden(String method, String path, String body) {
		assertThat(application.send(method, path, body).status()).as(method + " " + path + body).isIn(404, 405);
	}

	@Test
	void isNoPartOfLiveness() {
		assertThat(application.get("health").<String>json("$.components.backgroundJobs.status")).isEqualTo("UP");
		assertThat(application.get("health/liveness").body()).doesNotContain("backgroundJobs").contains("UP");
	}

	@Test
	void showsToPrometheusHowJobsDo() {
		String scrape = application.get("prometheus").body();
		assertThat(scrape).contains("background_jobs_execution_seconds_count{error=\"none\",job_name=\"greet\",")
			.contains("background_jobs_execution_seconds_count{error=\"IllegalStateException\",job_name=\"refuse\",")
			.contains("background_jobs_wait_seconds_count{job_name=\"greet\",queue=\"default\"}")
			.contains("background_jobs_enqueued_total{job_name=\"refuse\",queue=\"broken\"} 3.0")
			.contains("background_jobs_enqueued_total{job_name=\"greet\",queue=\"other\"} 1.0")
			.contains("background_jobs_dead_total{job_name=\"refuse\",queue=\"broken\",reason=\"exhausted\"} 3.0")
			.contains("background_jobs_queue_depth_jobs{queue=\"default\",state=\"scheduled\"} " + SCHEDULED + ".0")
			.contains("background_jobs_queue_oldest_seconds{queue=\"default\"} 0.0")
			.doesNotContain("\"nobody\"")
			.doesNotContain("id=\"" + succeeded + "\"");
	}

	private static <T> T last(List<T> list) {
		return list.get(list.size() - 1);
	}

	/**
	 * More rows than a page holds.
	 */
	private enum Crowd {

		QUEUES("jobqueues", "items", """
				insert into background_job_queue (name, paused_at)
				select 'crowd-' || n, now() from generate_series(1, 300) n
				""", "delete from background_job_queue where name like 'crowd-%'"),

		WORKERS("jobworkers", "items", """
				insert into background_job_worker (id, host, pid, expires_at)
				select n, 'crowd', n, now() + interval '1' hour from generate_series(1, 300) n
				""", "delete from background_job_worker where host = 'crowd'"),

		BREAKERS("jobbreakers", "items", """
				insert into background_job_breaker (name, state, generation, changed_by)
				select 'crowd-' || n, 'FORCED_OPEN', 1, 'crowd' from generate_series(1, 300) n
				""", "delete from background_job_breaker where name like 'crowd-%'"),

		LIMITS("joblimits", "items", """
				insert into background_job_limit (name, permits)
				select 'crowd-' || n, 1 from generate_series(1, 300) n
				""", "delete from background_job_limit where name like 'crowd-%'"),

		KEYS("joblimits/crowd", "items", """
				insert into background_job_key (name, limit_name, permits)
				select 'limit:crowd:' || n, 'crowd', 1 from generate_series(1, 300) n
				""", "delete from background_job_key where limit_name = 'crowd'"),

		RECURRING("recurringjobs", "items", """
				insert into background_job_recurring (id, source, schedule, zone, job_name, payload, queue, priority,
				    misfire, overlap, jitter_micros, created_at, updated_at)
				select 'crowd-' || n, 'DYNAMIC', '0 0 3 1 1 *', 'UTC', 'greet', '{}', 'default', 0, 'ONCE', 'ALLOW', 0,
				    now(), now()
				from generate_series(1, 300) n
				""", "delete from background_job_recurring where id like 'crowd-%'"),

		LETTERS("deadletters", "items", Crowd.LETTER, "delete from background_job_dead_letter where name = 'crowd'"),

		GROUPS("deadletters/groups", "groups", Crowd.LETTER,
				"delete from background_job_dead_letter where name = 'crowd'"),

		REDRIVES("deadletters/redrives", "items", """
				insert into background_job_redrive (state, last_letter, matching, pause_micros, canary, canary_required,
				    created_at, created_by, changed_at, next_at, paced_until)
				select 'DONE', 0, 0, 1, 0, 0, now(), 'crowd', now(), now(), now() from generate_series(1, 300)
				""", "delete from background_job_redrive where created_by = 'crowd'");

		private static final String LETTER = """
				insert into background_job_dead_letter (job_id, name, queue, priority, reason, error_class, message,
				    stack_trace, attempts, crashes, enqueued_at, due_at, first_failed_at, payload, fingerprint)
				select 1000000 + n, 'crowd', 'default', 0, 'exhausted', 'a', 'b', 'c', 1, 0, now(), now(), now(), '{}',
				    'f' || n
				from generate_series(1, 300) n
				""";

		private final String path;

		private final String items;

		private final String insert;

		private final String delete;

		Crowd(String path, String items, String insert, String delete) {
			this.path = path;
			this.items = items;
			this.insert = insert;
			this.delete = delete;
		}

	}

}
