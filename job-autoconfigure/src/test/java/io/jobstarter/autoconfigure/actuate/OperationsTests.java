package io.jobstarter.autoconfigure.actuate;

import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import javax.management.MBeanServer;
import javax.management.ObjectName;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.jobstarter.Audit;
import io.jobstarter.BreakerState;
import io.jobstarter.InvalidJobException;
import io.jobstarter.JobClient;
import io.jobstarter.JobId;
import io.jobstarter.JobOperations;
import io.jobstarter.JobState;
import io.jobstarter.QueueInfo;
import io.jobstarter.RecurringRequest;
import io.jobstarter.RedriveState;
import io.jobstarter.autoconfigure.Greetings.Greet;
import io.jobstarter.autoconfigure.Greetings.Refuse;
import io.jobstarter.autoconfigure.actuate.HttpApplication.Answer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;

import org.springframework.boot.actuate.audit.AuditEvent;
import org.springframework.boot.actuate.audit.AuditEventRepository;
import org.springframework.boot.actuate.audit.InMemoryAuditEventRepository;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

/**
 * Tests of what endpoints change where their access is unrestricted, of what is told of
 * it, and of what hostile texts do.
 */
class OperationsTests {

	private static final String JMX = "io.jobstarter.operations-tests";

	private static final ObjectMapper JSON = new ObjectMapper()
		.enable(JsonWriteFeature.ESCAPE_NON_ASCII.mappedFeature());

	private static HttpApplication application;

	private static JobOperations operations;

	private static JobClient jobs;

	private static AuditEventRepository audit;

	@BeforeAll
	static void start() {
		application = HttpApplication.start(Audited.class, "spring.datasource.generate-unique-name=true",
				"management.endpoint.jobs.access=unrestricted", "management.endpoint.deadletters.access=unrestricted",
				"management.endpoint.jobqueues.access=unrestricted",
				"management.endpoint.jobbreakers.access=unrestricted",
				"management.endpoint.joblimits.access=unrestricted",
				"management.endpoint.jobworkers.access=unrestricted",
				"management.endpoint.recurringjobs.access=unrestricted",
				"background-jobs.actuator.show-payloads=always", "background-jobs.sensitive-names=tenant, shoe-size",
				"background-jobs.actuator.show-errors=always", "background-jobs.queues.default.concurrency=2",
				"background-jobs.queues.broken.concurrency=2", "background-jobs.queues.[tenant-*].concurrency=1",
				"spring.jmx.enabled=true", "spring.jmx.default-domain=" + JMX, "management.endpoints.jmx.domain=" + JMX,
				"management.endpoints.jmx.exposure.include=*");
		operations = application.bean(JobOperations.class);
		jobs = application.bean(JobClient.class);
		audit = application.bean(AuditEventRepository.class);
	}

	@AfterAll
	static void stop() {
		application.close();
	}

	@Test
	void changesJobs() {
		JobId id = enqueueLater();
		Answer answer = post("jobs/" + id,
				"{\"action\":\"reschedule\",\"at\":\"2999-01-01T00:00:00Z\",\"why\":\"later\"}");
		assertThat(answer.json("$.changed").toString()).isEqualTo("true");
		assertThat(operations.find(id).orElseThrow().dueAt()).isEqualTo(Instant.parse("2999-01-01T00:00:00Z"));
		assertAudited("RESCHEDULE", "job " + id, Map.of("why", "later", "at", "2999-01-01T00:00:00Z"));
		assertThat(post("jobs/" + id, "{\"action\":\"retry\"}").number("$.job")).isEqualTo(id.value());
		assertThat(operations.find(id).orElseThrow().state()).isEqualTo(JobState.READY);
		assertThat(post("jobs/" + id, "{\"action\":\"cancel\",\"why\":\"gone\"}").<String>json("$.state"))
			.isEqualTo("CANCELLED");
		assertThat(operations.find(id).orElseThrow().reason()).isEqualTo("gone");
		assertAudited("CANCEL", "job " + id, Map.of("why", "gone", "state", "CANCELLED"));
		JobId other = enqueueLater();
		assertThat(post("jobs/" + other, "{\"action\":\"discard\"}").<String>json("$.state")).isEqualTo("DISCARDED");
		assertAudited("DISCARD", "job " + other, Map.of());
	}

	@Test
	void changesRecurringJobs() {
		operations.recurring().put(RecurringRequest.of("nightly", "every day at 04:02", new Greet("Ada")));
		assertThat(post("recurringjobs/nightly", "{\"action\":\"pause\",\"why\":\"loud\"}").<Boolean>json("$.changed"))
			.isTrue();
		assertAudited("PAUSE_RECURRING", "recurring job nightly", Map.of("why", "loud"));
		Answer paused = application.get("recurringjobs/nightly");
		assertThat(paused.<Boolean>json("$.recurring.paused")).isTrue();
		assertThat(paused.<List<String>>json("$.nextFires")).isEmpty();
		assertThat(post("recurringjobs/nightly", "{\"action\":\"resume\"}").<Boolean>json("$.changed")).isTrue();
		long job = post("recurringjobs/nightly", "{\"action\":\"run\"}").number("$.job");
		assertAudited("RUN_RECURRING", "recurring job nightly", Map.of("job", Long.toString(job)));
		Answer resumed = application.get("recurringjobs/nightly");
		assertThat(resumed.<List<String>>json("$.nextFires")).hasSize(10);
		assertThat(resumed.number("$.recurring.last.job")).isEqualTo(job);
		assertThat(application.get("recurringjobs").<List<String>>json("$.items[*].id")).containsExactly("nightly");
		assertThat(application.get("recurringjobs").<List<String>>json("$.conflicts[*].queue")).isEmpty();
		assertThat(application.get("recurringjobs/nobody").status()).isEqualTo(404);
		assertThat(application.post("recurringjobs/nobody", "{\"action\":\"run\"}").status()).isEqualTo(404);
		assertThat(application.post("recurringjobs/nightly", "{\"action\":\"stop\"}").status()).isEqualTo(400);
		operations.recurring().remove("nightly");
	}

	@Test
	void changesDeadLetters() {
		JobId id = dead("one");
		post("deadletters/" + id, "{\"action\":\"note\",\"text\":\"looking\"}");
		assertThat(operations.notes(id)).singleElement().extracting("text").isEqualTo("looking");
		assertAudited("ADD_NOTE", "dead letter " + id, Map.of());
		JobId retried = new JobId(post("deadletters/" + id, "{\"action\":\"retry\",\"why\":\"x\"}").number("$.job"));
		assertThat(operations.deadLetter(id).orElseThrow().retriedAs()).isEqualTo(retried);
		assertAudited("RETRY", "dead letter " + id, Map.of("why", "x", "job", retried.toString()));
		await().until(() -> operations.find(retried).orElseThrow().state() == JobState.DEAD);
		assertThat(post("deadletters/" + retried, "{\"action\":\"discard\"}").<String>json("$.state"))
			.isEqualTo("DISCARDED");
	}

	@Test
	void redrivesByFilter() {
		JobId id = dead("two");
		String fingerprint = operations.deadLetter(id).orElseThrow().fingerprint();
		String filter = "\"name\":\"refuse\",\"fingerprint\":\"" + fingerprint + "\",\"reason\":\"exhausted\"";
		Answer dry = post("deadletters/redrives", "{" + filter + ",\"dryRun\":true}");
		assertThat(dry.number("$.matching")).isPositive();
		assertThat(dry.body()).doesNotContain("redrive");
		assertThat(operations.deadLetter(id).orElseThrow().isOpen()).isTrue();
		operations.pause("broken", "hold them");
		Answer begun = post("deadletters/redrives",
				"{" + filter + ",\"perSecond\":5,\"canary\":1,\"why\":\"fixed in 1.4\"}");
		long redrive = begun.number("$.redrive");
		assertAudited("START_REDRIVE", "redrive " + redrive,
				Map.of("why", "fixed in 1.4", "name", "refuse", "fingerprint", fingerprint, "reason", "EXHAUSTED"));
		Answer shown = application.get("deadletters/redrives/" + redrive);
		assertThat(shown.<String>json("$.filter.name")).isEqualTo("refuse");
		assertThat(shown.number("$.canary.required")).isEqualTo(1);
		assertThat(shown.<String>json("$.startedBy.why")).isEqualTo("fixed in 1.4");
		assertThat(application.get("deadletters/redrives?limit=1").number("$.items[0].id")).isEqualTo(redrive);
		assertThat(application.post("deadletters/redrives/" + redrive, "{\"action\":\"resume\"}").status())
			.isEqualTo(409);
		post("deadletters/redrives/" + redrive, "{\"action\":\"cancel\"}");
		assertThat(operations.redrives().find(redrive).orElseThrow().state()).isEqualTo(RedriveState.CANCELLED);
		assertAudited("CANCEL_REDRIVE", "redrive " + redrive, Map.of());
		operations.resume("broken");
	}

	@ParameterizedTest
	@ValueSource(strings = { "name", "queue", "reason", "fingerprint", "errorClass", "tag", "diedFrom", "diedBefore",
			"dryRun", "perSecond", "canary" })
	void beginsNoRedriveWhereAVariableWasEmpty(String parameter) {
		for (String empty : List.of("", " ")) {
			assertRefused("deadletters/redrives", write(Map.of(parameter, empty)), 400, parameter + " is empty");
		}
		assertRefused("deadletters/redrives?" + parameter, "{}", 400, parameter + " is empty");
		assertThat(operations.redrives().list(null, 10)).noneMatch((redrive) -> redrive.startedBy().why() == null);
	}

	@Test
	void letsNeitherQueryNorBodyReplaceWhatThePathNames() {
		JobId id = enqueueLater();
		JobId other = enqueueLater();
		assertRefused("jobs/" + other + "?id=" + id, "{\"action\":\"cancel\"}", 400, "id stands in the path");
		assertRefused("jobs/" + other, "{\"action\":\"cancel\",\"id\":" + id + "}", 400, "id stands in the path");
		assertRefused("jobqueues/free", "{\"action\":\"pause\",\"name\":\"guarded\"}", 400, "name stands in the path");
		assertThat(application.get("jobs/" + other + "?id=" + id).status()).isEqualTo(400);
		assertThat(operations.find(id).orElseThrow().state()).isEqualTo(JobState.SCHEDULED);
		assertThat(operations.find(other).orElseThrow().state()).isEqualTo(JobState.SCHEDULED);
		assertThat(operations.queues()).noneMatch((queue) -> queue.name().equals("guarded"));
	}

	@Test
	void showsNobodyWhatTheSettingsCallSensitive() {
		JobId id = jobs.job(new Greet("Ada"))
			.queue("nobody")
			.header("X-Tenant-Id", "acme")
			.header("shoeSize", "43")
			.header("locale", "en")
			.enqueue()
			.id();
		Answer answer = application.get("jobs/" + id);
		assertThat(answer.<Map<String, String>>json("$.job.headers")).contains(Map.entry("X-Tenant-Id", "******"),
				Map.entry("shoeSize", "******"), Map.entry("locale", "en"));
		assertThat(answer.<String>json("$.job.payload")).isEqualTo("{\"name\":\"Ada\"}");
	}

	@Test
	void changesQueues() {
		post("jobqueues/mailers", "{\"action\":\"pause\",\"why\":\"smtp is down\"}");
		Answer queue = application.get("jobqueues/mailers");
		assertThat(queue.<String>json("$.pauseReason")).isEqualTo("smtp is down");
		assertThat(application.get("jobqueues?paused=true").<List<String>>json("$.items[*].name")).contains("mailers");
		assertAudited("PAUSE", "queue mailers", Map.of("why", "smtp is down"));
		assertThat(post("jobqueues/mailers", "{\"action\":\"resume\"}").<Boolean>json("$.changed")).isTrue();
		assertThat(post("jobqueues/mailers", "{\"action\":\"resume\"}").<Boolean>json("$.changed")).isFalse();
		post("jobqueues/mailers", "{\"action\":\"set-concurrency\",\"perNode\":3}");
		assertThat(operations.queues()).filteredOn((info) -> info.name().equals("mailers"))
			.extracting(QueueInfo::concurrency)
			.containsExactly(3);
		assertAudited("SET_CONCURRENCY", "queue mailers", Map.of("perNode", "3"));
		assertThat(post("jobqueues/mailers", "{\"action\":\"reset-concurrency\"}").<Boolean>json("$.changed")).isTrue();
		post("jobqueues/mailers", "{\"action\":\"set-fleet-concurrency\",\"overAll\":20}");
		assertAudited("SET_FLEET_CONCURRENCY", "queue mailers", Map.of("overAll", "20"));
		Answer bounded = application.get("jobqueues/mailers");
		assertThat(bounded.<Integer>json("$.fleet.limit")).isEqualTo(20);
		assertThat(bounded.<Boolean>json("$.fleet.set")).isTrue();
		assertThat(bounded.<Integer>json("$.fleet.slots")).isZero();
		String reset = "{\"action\":\"reset-fleet-concurrency\"}";
		assertThat(post("jobqueues/mailers", reset).<Boolean>json("$.changed")).isTrue();
	}

	@Test
	void namesTheUserOfTheRequest() {
		String body = "{\"action\":\"pause\",\"why\":\"x\"}";
		assertThat(application.send("POST", "jobqueues/named", body, "X-User", "alice").status()).isEqualTo(200);
		assertThat(audit.find("alice", null, "BACKGROUND_JOBS_PAUSE")).hasSize(1);
	}

	@Test
	void changesBreakers() {
		post("jobbreakers/smtp", "{\"action\":\"force-open\",\"why\":\"relay is down\"}");
		Answer breaker = application.get("jobbreakers/smtp");
		assertThat(breaker.<String>json("$.state")).isEqualTo("FORCED_OPEN");
		assertThat(breaker.<String>json("$.reason")).isEqualTo("relay is down");
		assertAudited("FORCE_OPEN", "circuit breaker smtp", Map.of("why", "relay is down"));
		post("jobbreakers/smtp", "{\"action\":\"force-closed\"}");
		assertThat(operations.breakers()).extracting("state").contains(BreakerState.FORCED_CLOSED);
		post("jobbreakers", "{\"name\":\"smtp:https://a/b\",\"action\":\"force-open\"}");
		assertThat(application.get("jobbreakers?instance=smtp&state=forced-open").<List<String>>json("$.items[*].name"))
			.containsExactly("smtp:https://a/b");
		post("jobbreakers", "{\"name\":\"smtp:https://a/b\",\"action\":\"reset\"}");
		assertThat(post("jobbreakers/smtp", "{\"action\":\"reset\"}").<Boolean>json("$.changed")).isTrue();
	}

	@Test
	void changesLimits() {
		post("joblimits/account", "{\"action\":\"set\",\"permits\":3,\"why\":\"it is slow\"}");
		assertAudited("SET_LIMIT", "limit account", Map.of("permits", "3", "why", "it is slow"));
		assertThat(application.get("joblimits").<List<Integer>>json("$.items[?(@.name == 'account')].permits"))
			.containsExactly(3);
		assertThat(post("joblimits/account", "{\"action\":\"reset\"}").<Boolean>json("$.changed")).isTrue();
		assertThat(post("joblimits/account", "{\"action\":\"reset\"}").<Boolean>json("$.changed")).isFalse();
	}

	@Test
	void showsQueuesAndWorkers() {
		assertThat(application.get("jobqueues").<List<String>>json("$.items[*].name")).contains("default", "broken")
			.doesNotContain("tenant-*")
			.isSorted();
		Answer first = application.get("jobqueues?limit=1");
		assertThat(application.get("jobqueues?limit=1&after=" + first.json("$.next")).<String>json("$.items[0].name"))
			.isGreaterThan(first.json("$.items[0].name"));
		Answer workers = application.get("jobworkers?state=alive");
		String id = workers.json("$.items[0].id");
		assertThat(application.get("jobworkers/" + id).number("$.pid")).isEqualTo(ProcessHandle.current().pid());
		assertThat(application.get("jobworkers?state=dead").number("$.items.length()")).isZero();
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|',
			value = { "jobs/999999999|{\"action\":\"cancel\"}|There is no job 999999999",
					"deadletters/999999999|{\"action\":\"retry\"}|There is no job 999999999",
					"deadletters/999999999|{\"action\":\"note\",\"text\":\"x\"}|There is no job",
					"deadletters/redrives/999|{\"action\":\"cancel\"}|There is no redrive 999",
					"deadletters/letters/1|{\"action\":\"cancel\"}|There are redrives/{id} here" })
	void answersThatWhatIsToBeChangedIsNotThere(String path, String body, String why) {
		assertRefused(path, body, 404, why);
	}

	@ParameterizedTest
	@ValueSource(strings = { "jobqueues/nothing", "jobworkers/1", "jobbreakers/nothing", "joblimits/nothing",
			"deadletters/redrives/999" })
	void answersThatWhatIsToBeShownIsNotThere(String path) {
		assertThat(application.get(path).status()).isEqualTo(404);
	}

	@ParameterizedTest
	@ValueSource(strings = { "retry", "cancel", "discard", "reschedule\",\"at\":\"2999-01-01T00:00:00Z" })
	void answersThatAJobIsOver(String action) {
		JobId id = enqueueLater();
		operations.cancel(id);
		assertRefused("jobs/" + id, "{\"action\":\"" + action + "\"}", 409, "is CANCELLED: it cannot be");
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|',
			value = { "jobs/1|{}|Missing: action, one of [retry, cancel, discard, reschedule]",
					"jobs/1|{\"action\":\"delete\"}|action is one of [retry,", "jobs/1|{\"action\":5}|action is one of",
					"jobs/x|{\"action\":\"retry\"}|a job id is a positive number",
					"jobs/1|{\"action\":\"reschedule\"}|Missing: at",
					"jobs/1|{\"action\":\"reschedule\",\"at\":\"tomorrow\"}|at is a time",
					"jobs/1|{\"action\":\"retry\",\"at\":\"2999-01-01T00:00:00Z\"}|at goes with reschedule",
					"jobs/1|{\"action\":\"retry\",\"because\":\"x\"}|There is no parameter 'because' here",
					"deadletters/1|{\"action\":\"retry\",\"name\":\"x\"}|A filter and what goes with it",
					"deadletters/redrives|{\"action\":\"retry\"}|action and text go with one dead letter",
					"deadletters/redrives|{\"perSecond\":0}|1 to 10000 jobs a second",
					"deadletters/redrives|{\"perSecond\":1,\"over\":\"2h\"}|perSecond or over",
					"deadletters/redrives|{\"over\":\"soon\"}|over is a duration",
					"deadletters/redrives|{\"canary\":5000}|up to 1000 jobs",
					"deadletters/redrives|{\"canary\":99999999999}|canary is out of range",
					"deadletters/redrives|{\"dryRun\":\"maybe\"}|dryRun is true or false",
					"deadletters/redrives|{\"reason\":\"boredom\"}|reason is one of [exhausted, crash, unreadable]",
					"deadletters/redrives|{\"diedFrom\":\"x\"}|diedFrom is a time",
					"deadletters/redrives|{\"name\":\"x' or 1=1\"}|does not match",
					"deadletters/redrives|{\"errorClass\":\"x' or 1=1\"}|is no class name",
					"jobqueues/a b|{\"action\":\"pause\"}|does not match",
					"jobqueues/mailers|{\"action\":\"set-concurrency\"}|Missing: perNode",
					"jobqueues/mailers|{\"action\":\"set-concurrency\",\"perNode\":0}|1 to 10000",
					"jobqueues/mailers|{\"action\":\"set-concurrency\",\"perNode\":2.5}|perNode is a whole number",
					"jobqueues/mailers|{\"action\":\"pause\",\"perNode\":2}|perNode goes with set-concurrency",
					"jobqueues/mailers|{\"action\":\"set-fleet-concurrency\"}|Missing: overAll",
					"jobqueues/mailers|{\"action\":\"set-fleet-concurrency\",\"overAll\":0}|1 to 10000",
					"jobqueues/mailers|{\"action\":\"pause\",\"overAll\":2}|overAll goes with set-fleet-concurrency",
					"jobbreakers|{\"action\":\"reset\"}|Missing: name",
					"joblimits/account|{\"action\":\"set\"}|Missing: permits",
					"joblimits/account|{\"action\":\"reset\",\"permits\":3}|permits goes with set" })
	void saysWhatIsWrong(String path, String body, String why) {
		assertRefused(path.replace(" ", "%20"), body, 400, why);
	}

	@ParameterizedTest
	@ValueSource(strings = { "{\"action\":{\"a\":1}}", "{\"why\":[\"a\"]}", "[]", "{", "\"cancel\"", "42",
			"{\"action\":\"discard\",\"why\":null" })
	void refusesBodiesThatAreNone(String body) {
		JobId id = enqueueLater();
		assertThat(application.post("jobs/" + id, body).status()).isEqualTo(400);
		assertThat(operations.find(id).orElseThrow().state()).isEqualTo(JobState.SCHEDULED);
	}

	@Test
	void refusesWhatAFormOfAnotherSiteCanSend() {
		JobId id = enqueueLater();
		for (String type : List.of("text/plain", "application/x-www-form-urlencoded")) {
			Answer answer = application.send("POST", "jobs/" + id, "{\"action\":\"cancel\"}", "Content-Type", type);
			assertThat(answer.status()).isEqualTo(415);
		}
		assertThat(operations.find(id).orElseThrow().state()).isEqualTo(JobState.SCHEDULED);
	}

	@Test
	void goesByJmxToo() throws Exception {
		MBeanServer server = ManagementFactory.getPlatformMBeanServer();
		Object queues = server.invoke(mbean("Jobqueues"), "queues", new Object[3], new String[3]);
		assertThat(queues.toString()).contains("default");
		JobId id = enqueueLater();
		Object changed = server.invoke(mbean("Jobs"), "change",
				new Object[] { null, id.toString(), "cancel", null, "by JMX" }, new String[5]);
		assertThat(changed.toString()).contains("state=CANCELLED");
		assertThat(operations.find(id).orElseThrow().reason()).isEqualTo("by JMX");
		for (String endpoint : List.of("Deadletters", "Jobworkers", "Jobbreakers")) {
			assertThat(server.getMBeanInfo(mbean(endpoint)).getOperations()).isNotEmpty();
		}
	}

	private static ObjectName mbean(String endpoint) throws Exception {
		return new ObjectName(JMX + ":type=Endpoint,name=" + endpoint);
	}

	@Test
	void hostileTextsStayTexts() {
		Logger logger = (Logger) LoggerFactory.getLogger("io.jobstarter");
		ListAppender<ILoggingEvent> lines = new ListAppender<>();
		lines.start();
		logger.addAppender(lines);
		logger.setLevel(Level.DEBUG);
		try {
			for (String text : HostileStrings.ALL) {
				spread(text);
			}
		}
		finally {
			logger.setLevel(null);
			logger.detachAppender(lines);
		}
		// Spring's JDBC template shows statements as they are written: in lines, without
		// data
		List<String> logged = List.copyOf(lines.list)
			.stream()
			.filter((line) -> !line.getLoggerName().endsWith(".H2Statements"))
			.map(ILoggingEvent::getFormattedMessage)
			.toList();
		assertThat(logged).hasSizeGreaterThan(HostileStrings.ALL.size() * 5).allSatisfy((line) -> {
			assertThat(line.chars()).noneMatch(Character::isISOControl);
			assertThat(line).doesNotContain("\u202E", "\u2066", "\u2028", "\u2029");
		});
	}

	private static void spread(String text) {
		assertThatExceptionOfType(InvalidJobException.class)
			.isThrownBy(() -> jobs.job(new Greet("x")).tag(text + " ").enqueue());
		assertThatExceptionOfType(InvalidJobException.class).isThrownBy(() -> operations.pause(text + " ", Audit.NONE));
		JobId id = jobs.job(new Greet(text)).header("x", text).in(Duration.ofDays(1)).enqueue().id();
		JsonNode job = json("jobs/" + id).at("/job");
		assertThat(job.at("/headers/x").asText()).isEqualTo(text);
		assertThat(read(job.at("/payload").asText()).at("/name").asText()).isEqualTo(text);
		post("jobs/" + id, body("discard", text));
		assertThat(json("jobs/" + id).at("/job/reason").asText()).isEqualTo(text);
		post("jobqueues/hostile", body("pause", text));
		assertThat(json("jobqueues/hostile").at("/pauseReason").asText()).isEqualTo(text);
		String name = "hostile:" + text.substring(0, Math.min(200, text.length()));
		post("jobbreakers", write(Map.of("name", name, "action", "force-open", "why", text)));
		assertThat(json("jobbreakers?instance=hostile&state=forced-open").at("/items/0/name").asText()).isEqualTo(name);
		operations.resetBreaker(name);
		JobId dead = dead(text);
		assertThat(json("deadletters/" + dead).at("/failures/0/message").asText()).isEqualTo(text);
		post("deadletters/" + dead, write(Map.of("action", "note", "text", text)));
		assertThat(json("deadletters/" + dead).at("/notes/0/text").asText()).isEqualTo(text);
		post("deadletters/" + dead, body("discard", text));
		assertThat(json("deadletters/" + dead).at("/deadLetter/resolvedReason").asText()).isEqualTo(text);
		assertThat(json("auditevents").at("/events")).isNotEmpty();
	}

	@Test
	void refusesWhatNoDatabaseCanStore() {
		JobId id = enqueueLater();
		for (String text : List.of("a\u0000b", "\uD800")) {
			assertRefused("jobs/" + id, body("cancel", text), 400, "");
			assertRefused("jobqueues/mailers", body("pause", text), 400, "");
			assertRefused("jobbreakers", write(Map.of("name", text, "action", "reset")), 400, "");
		}
		assertRefused("jobs/" + id, body("cancel", "x".repeat(1_001)), 400, "1000 characters, not 1001");
		assertThat(operations.find(id).orElseThrow().state()).isEqualTo(JobState.SCHEDULED);
	}

	private static JsonNode json(String path) {
		Answer answer = application.send("GET", path, "");
		assertThat(answer.status()).isEqualTo(200);
		assertThat(answer.type()).startsWith("application/json");
		return read(answer.body());
	}

	private static JsonNode read(String json) {
		try {
			return JSON.readTree(json);
		}
		catch (JsonProcessingException ex) {
			throw new AssertionError(ex);
		}
	}

	private static String body(String action, String why) {
		return write(Map.of("action", action, "why", why));
	}

	private static String write(Map<String, String> body) {
		try {
			return JSON.writeValueAsString(body);
		}
		catch (JsonProcessingException ex) {
			throw new AssertionError(ex);
		}
	}

	private static JobId enqueueLater() {
		return jobs.job(new Greet("later")).queue("nobody").in(Duration.ofDays(1)).enqueue().id();
	}

	private static JobId dead(String why) {
		JobId id = jobs.enqueue(new Refuse(why)).id();
		await().pollInterval(Duration.ofMillis(5))
			.until(() -> operations.find(id).orElseThrow().state() == JobState.DEAD);
		return id;
	}

	private static Answer post(String path, String body) {
		Answer answer = application.post(path, body);
		assertThat(answer.status()).as(path + " " + answer.body()).isEqualTo(200);
		return answer;
	}

	private static void assertRefused(String path, String body, int status, String why) {
		Answer answer = application.post(path, body);
		assertThat(answer.status()).as(answer.body()).isEqualTo(status);
		assertThat(answer.<String>json("$.error")).contains(why);
	}

	private static void assertAudited(String type, String target, Map<String, String> data) {
		List<AuditEvent> events = new ArrayList<>(audit.find(null, null, "BACKGROUND_JOBS_" + type));
		assertThat(events).extracting(AuditEvent::getData)
			.anySatisfy((known) -> assertThat(known).containsEntry("target", target).containsAllEntriesOf(data));
	}

	@Configuration(proxyBeanMethods = false)
	@Import(HttpApplication.Application.class)
	static class Audited {

		@Bean
		InMemoryAuditEventRepository auditEvents() {
			return new InMemoryAuditEventRepository();
		}

	}

}
