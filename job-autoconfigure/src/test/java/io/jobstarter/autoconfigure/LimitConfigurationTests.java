package io.jobstarter.autoconfigure;

import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

import io.jobstarter.Audit;
import io.jobstarter.BackgroundJob;
import io.jobstarter.InOrder;
import io.jobstarter.InvalidJobException;
import io.jobstarter.JobClient;
import io.jobstarter.JobDiagnosis;
import io.jobstarter.JobId;
import io.jobstarter.JobLimits.KeyInfo;
import io.jobstarter.JobOperations;
import io.jobstarter.LimitConcurrency;
import io.jobstarter.ReasonCode;
import io.jobstarter.Sensitive;
import io.jobstarter.RecurringJobs;
import io.jobstarter.RecurringRequest;
import io.jobstarter.autoconfigure.Greetings.Greet;
import io.jobstarter.handler.HandlerRegistry;
import org.junit.jupiter.api.Test;

import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.jdbc.core.JdbcTemplate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

/**
 * Tests of limits of jobs with the same key, and of orders, as applications declare them.
 */
class LimitConfigurationTests {

	private final ApplicationContextRunner application = Contexts.onH2().withUserConfiguration(Accounts.class);

	@Test
	void runsOneJobOfAKeyAtATimeAndSaysWhyTheOthersWait() {
		this.application.run((context) -> {
			Accounts accounts = context.getBean(Accounts.class);
			JobOperations operations = context.getBean(JobOperations.class);
			JobClient jobs = context.getBean(JobClient.class);
			JobId running = jobs.enqueue(new Sync("a", true)).id();
			await().until(() -> accounts.ran.contains("sync a"));
			JobId waiting = jobs.enqueue(new Sync("a", true)).id();
			JobId behind = jobs.enqueue(new Upload("a")).id();
			await().until(() -> code(operations, behind) == ReasonCode.KEY_LIMIT);
			assertThat(operations.why(waiting).orElseThrow().reasons().get(0).sentence()).isEqualTo(
					"Its key account:a lets 1 job run at the same time, and 1 does; 0 jobs wait for it before this one.");
			assertThat(operations.why(behind).orElseThrow().reasons().get(0).details())
				.containsAllEntriesOf(Map.of("key", "account:a", "running", 1, "permits", 1, "ahead", 1));
			assertThat(operations.limits().key("limit:account:a")).contains(new KeyInfo("limit:account:a", 1, 1, 2));
			operations.cancel(running);
			await().until(() -> accounts.ran.size() == 2);
			operations.cancel(waiting);
			await().until(() -> accounts.ran.equals(List.of("sync a", "sync a", "upload a")));
		});
	}

	private static ReasonCode code(JobOperations operations, JobId job) {
		return operations.why(job).map(JobDiagnosis::reasons).orElseThrow().get(0).code();
	}

	@Test
	void saysWhoseTurnItIs() {
		this.application.run((context) -> {
			JobOperations operations = context.getBean(JobOperations.class);
			JobClient jobs = context.getBean(JobClient.class);
			JobId first = jobs.enqueue(new Event("a", true)).id();
			await().until(() -> context.getBean(Accounts.class).ran.contains("event a"));
			JobId second = jobs.enqueue(new Event("a", false)).id();
			await().until(() -> code(operations, second) == ReasonCode.OUT_OF_TURN);
			assertThat(operations.why(second).orElseThrow().reasons().get(0).sentence())
				.contains("job " + first + " goes first");
			operations.cancel(first);
			await().until(() -> context.getBean(Accounts.class).ran.size() == 2);
		});
	}

	@Test
	void jobsThatWaitGoOnWhenNoHandlerHasALimitAnyMore() {
		ApplicationContextRunner release = Contexts.onH2()
			.withUserConfiguration(Greetings.class)
			.withPropertyValues("spring.datasource.url=jdbc:h2:mem:removed_limits;DB_CLOSE_DELAY=-1");
		release.withPropertyValues("background-jobs.worker.enabled=false").run((context) -> {
			context.getBean(JobClient.class).enqueueAll(List.of(new Greet("limited"), new Greet("rated")));
			JdbcTemplate jdbc = context.getBean(JdbcTemplate.class);
			jdbc.update("update background_job_job set state = 3, limits = 'cgone:1', blocked_by = 'limit:gone:1'"
					+ " where payload like '%limited%'");
			jdbc.update("update background_job_job set state = 3, limits = 'rgone:1', blocked_by = 'rate:gone:1'"
					+ " where payload like '%rated%'");
			jdbc.update("insert into background_job_rate (name, permits, per_micros, taken, due_at, touched_at)"
					+ " values ('rate:gone:1', 1, 1000000, '', current_timestamp, current_timestamp)");
		});
		release.run((context) -> {
			Greetings greetings = context.getBean(Greetings.class);
			await().untilAsserted(() -> assertThat(greetings.greeted()).containsExactlyInAnyOrder("limited", "rated"));
			context.getBean(JdbcTemplate.class).execute("shutdown");
		});
	}

	@Test
	void theConfigurationGoesBeforeTheAnnotation() {
		this.application.withPropertyValues("background-jobs.limits.account=7")
			.run((context) -> assertThat(context.getBean(HandlerRegistry.class).limits()).containsEntry("account", 7));
	}

	@Test
	void anOperatorGoesBeforeBothAtOnce() {
		this.application.run((context) -> {
			Accounts accounts = context.getBean(Accounts.class);
			JobOperations operations = context.getBean(JobOperations.class);
			JobClient jobs = context.getBean(JobClient.class);
			List<JobId> ids = List.of(jobs.enqueue(new Sync("a", true)).id(), jobs.enqueue(new Sync("a", true)).id());
			await().until(() -> code(operations, ids.get(1)) == ReasonCode.KEY_LIMIT
					|| code(operations, ids.get(0)) == ReasonCode.KEY_LIMIT);
			operations.limits().set("account", 2, Audit.because("it is urgent").by("alice"));
			await().until(() -> accounts.ran.size() == 2);
			assertThat(operations.limits().list()).filteredOn((limit) -> limit.name().equals("account"))
				.singleElement()
				.matches((limit) -> limit.permits() == 2 && "alice".equals(limit.setBy()) && limit.running() == 2);
			assertThat(operations.limits().reset("account", Audit.NONE)).isTrue();
			assertThat(operations.limits().reset("account", Audit.NONE)).isFalse();
			ids.forEach(operations::cancel);
			assertThatExceptionOfType(InvalidJobException.class)
				.isThrownBy(() -> operations.limits().set("account", -1, Audit.NONE));
		});
	}

	@Test
	void theJobsOfARecurringOneHaveItsKeys() {
		Contexts.onH2()
			.withUserConfiguration(Nightly.class)
			.withPropertyValues("background-jobs.worker.enabled=false")
			.run((context) -> {
				context.getBean(RecurringJobs.class)
					.put(RecurringRequest.of("report", "@yearly", new Report("x")), Audit.NONE);
				context.getBean(RecurringJobs.class).runNow("report", Audit.NONE);
				assertThat(context.getBean(JdbcTemplate.class)
					.queryForObject("select limits from background_job_job", String.class)).isEqualTo("creports:x");
			});
	}

	@Test
	void noSensitiveKeyIsShown() {
		Contexts.onH2()
			.withUserConfiguration(Secretive.class)
			.withPropertyValues("background-jobs.worker.enabled=false", "background-jobs.sensitive-names=iban")
			.run((context) -> {
				context.getBean(JobClient.class).enqueue(new Transfer("DE1", "t1", new Person("Ada"), 3));
				assertThat(context.getBean(JdbcTemplate.class)
					.queryForObject("select limits from background_job_job", String.class)).doesNotContain("DE1")
					.doesNotContain("t1")
					.doesNotContain("Ada")
					.contains("ciban:sha256-", "ctoken:sha256-", "cperson:sha256-", "cplain:3");
			});
	}

	record Transfer(String iban, String apiToken, @Sensitive Person person, int branch) {
	}

	record Person(String name) {
	}

	static class Secretive {

		@BackgroundJob
		@LimitConcurrency(key = "#{payload.iban()}", group = "iban")
		@LimitConcurrency(key = "#{payload.apiToken}", group = "token")
		@LimitConcurrency(key = "#{payload.person().name()}", group = "person")
		@LimitConcurrency(key = "#{payload.branch}", group = "plain")
		void transfer(Transfer transfer) {
		}

	}

	record Sync(String account, boolean lasting) {
	}

	record Upload(String account) {
	}

	record Event(String account, boolean lasting) {
	}

	record Report(String name) {
	}

	static class Accounts {

		private final List<String> ran = new CopyOnWriteArrayList<>();

		@BackgroundJob
		@LimitConcurrency(key = "#{payload.account()}", group = "account")
		void sync(Sync sync) throws InterruptedException {
			this.ran.add("sync " + sync.account());
			last(sync.lasting());
		}

		@BackgroundJob
		@LimitConcurrency(key = "#{payload.account()}", group = "account")
		void upload(Upload upload) {
			this.ran.add("upload " + upload.account());
		}

		@BackgroundJob
		@InOrder(key = "#{payload.account()}")
		void event(Event event) throws InterruptedException {
			this.ran.add("event " + event.account());
			last(event.lasting());
		}

		private static void last(boolean lasting) throws InterruptedException {
			if (lasting) {
				new CountDownLatch(1).await(1, TimeUnit.MINUTES);
			}
		}

	}

	static class Nightly {

		@BackgroundJob
		@LimitConcurrency(key = "#{payload.name()}", group = "reports")
		void report(Report report) {
		}

	}

}
