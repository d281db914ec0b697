package io.jobstarter.faults.starts;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

import io.jobstarter.Audit;
import io.jobstarter.DeadLetter;
import io.jobstarter.DeadLetterFilter;
import io.jobstarter.DeadReason;
import io.jobstarter.RedriveRequest;
import io.jobstarter.faults.Jobs.Work;
import io.jobstarter.faults.Releases;
import io.jobstarter.faults.Releases.Introduced;
import io.jobstarter.faults.Releases.Invoice;
import io.jobstarter.faults.Releases.InvoiceInCents;
import io.jobstarter.faults.Releases.Retired;
import io.jobstarter.faults.fleet.Fleet;
import io.jobstarter.faults.fleet.FleetDatabase;
import io.jobstarter.faults.fleet.FleetServer;
import io.jobstarter.faults.fleet.FleetServer.Access;
import io.jobstarter.faults.fleet.NodeOptions;
import io.jobstarter.faults.fleet.NodeProcess;
import io.jobstarter.faults.oracle.Invariants;
import io.jobstarter.testdatabases.EmbeddedPostgres;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Two releases of an application side by side, as in any deployment: each runs what it
 * knows, and takes nothing away from the other.
 */
class ReleaseTests {

	private static final Duration LEASE = Duration.ofSeconds(2);

	private static final NodeOptions FIRST = NodeOptions.NONE.with(Releases.SETTING + "one");

	private static final NodeOptions SECOND = NodeOptions.NONE.with(Releases.SETTING + "two");

	private static final Audit AUDIT = new Audit("test", "a node can read them");

	private static final String HEADERS = "{\"x-of-a-later-release\":\"kept\"}";

	private final Access access = FleetServer.accessTo(EmbeddedPostgres.shared());

	private final FleetDatabase first = FleetDatabase.open(FleetServer.POSTGRESQL, this.access,
			List.of(Releases.SETTING + "one"));

	private final FleetDatabase second = FleetDatabase.open(FleetServer.POSTGRESQL, this.access,
			List.of(Releases.SETTING + "two"));

	private final Fleet fleet = new Fleet(this.first,
			List.of("--background-jobs.worker.lease=2s", "--background-jobs.worker.heartbeat=250ms"));

	@AfterEach
	void close() {
		this.fleet.close();
		this.second.close();
		this.first.close();
	}

	@Test
	void twoReleasesSideBySideRunWhatTheyKnowAndTakeNothingFromEachOther() {
		NodeProcess one = this.fleet.start(FIRST);
		NodeProcess two = this.fleet.start(SECOND);
		this.fleet.awaitAtWork(2);
		eachRunsWhatItKnows(one, two);
		theOneThatStaysRecoversWhatItDoesNotKnow(one, two);
		whatItCannotReadDiesWithItsAttemptsAndHarmsNoNeighbour(one);
		one.terminate();
		redriveByReason();
		NodeProcess next = this.fleet.start(SECOND);
		this.fleet.awaitAtWork(1);
		whatIsNewRunsOnTheNewReleaseAsItWas(next);
		whatDiedUnreadRunsAfterARedriveByReason(next);
		whatNoNodeKnowsWaitsForOneThatDoes();
		assertThat(Invariants.brokenAfter(this.first.jdbc(), LEASE.multipliedBy(2).plusSeconds(5))).isEmpty();
	}

	private void eachRunsWhatItKnows(NodeProcess one, NodeProcess two) {
		this.first.client().enqueueAll(IntStream.range(0, 20).mapToObj((i) -> new Retired(i, 5)).toList());
		this.second.client().enqueueAll(IntStream.range(20, 40).mapToObj((i) -> new Introduced(i, 5)).toList());
		this.first.client().enqueueAll(IntStream.range(40, 80).mapToObj((i) -> Work.taking(i, 5)).toList());
		await().until(() -> this.first.count("background_job_job") == 0);
		assertThat(nodesOf(0, 20)).containsExactly(one.name());
		assertThat(nodesOf(20, 40)).containsExactly(two.name());
		assertThat(this.first.count("ledger")).isEqualTo(80);
		assertThat(this.first.count("background_job_dead_letter")).isZero();
	}

	private void theOneThatStaysRecoversWhatItDoesNotKnow(NodeProcess one, NodeProcess two) {
		long job = this.second.transaction().execute((status) -> {
			long id = this.second.client().enqueue(new Introduced(100, 600_000)).id().value();
			this.second.jdbc().update("""
					update background_job_job set headers = ?, payload = replace(payload, '}', ',"later":[1,2]}')
					where id = ?
					""", HEADERS, id);
			return id;
		});
		await().until(() -> this.first.count("ledger where number = 100") == 1);
		String before = payload(job);
		two.kill();
		await().atMost(LEASE.plusSeconds(5))
			.until(() -> this.first.count("background_job_job where crashes = 1 and worker is null") == 1);
		await().until(() -> one.log().contains("of its jobs are free again"));
		assertThat(payload(job)).isEqualTo(before).contains("\"later\":[1,2]");
		assertThat(this.first.jdbc()
			.queryForObject("select headers from background_job_job where id = ?", String.class, job))
			.isEqualTo(HEADERS);
		this.first.jdbc().update("update background_job_job set payload = replace(payload, '600000', '1')");
	}

	private void whatItCannotReadDiesWithItsAttemptsAndHarmsNoNeighbour(NodeProcess one) {
		long failing = this.first.client().enqueue(new InvoiceInCents(200, 5, 2)).id().value();
		await().pollInterval(Duration.ofMillis(10)).until(() -> this.first.jdbc().update("""
				update background_job_job set payload = replace(payload, '"cents":5', '"cents":"5 EUR"')
				where id = ? and attempt = 2 and worker is null
				""", failing) == 1);
		List<Object> batch = new ArrayList<>();
		IntStream.range(201, 206).forEach((i) -> {
			batch.add(Work.taking(i + 10, 1));
			batch.add(new Invoice(i, "5 EUR", 0));
		});
		this.second.client().enqueueAll(batch);
		await().until(() -> this.first.count("background_job_job where name <> 'introduced'") == 0);
		assertThat(this.first.operations().deadLetters(DeadLetterFilter.OPEN, null, 20).items()).hasSize(6)
			.allSatisfy((letter) -> assertThat(letter.reason()).isEqualTo(DeadReason.UNREADABLE))
			.filteredOn((letter) -> letter.id().value() == failing)
			.extracting(DeadLetter::attempts)
			.containsExactly(2);
		assertThat(nodesOf(211, 216)).as("neighbours").containsExactly(one.name());
		assertThat(this.first.count("ledger where number between 211 and 215")).isEqualTo(5);
		assertThat(this.first.count("ledger where number between 201 and 205")).isZero();
	}

	private void whatIsNewRunsOnTheNewReleaseAsItWas(NodeProcess next) {
		await().until(() -> this.first.count("background_job_job") == 0);
		assertThat(nodesOf(100, 101)).contains(next.name());
		assertThat(this.first.count("background_job_history where crashes = 1 and name = 'introduced'")).isOne();
	}

	private void redriveByReason() {
		this.second.operations()
			.redrives()
			.start(RedriveRequest.of(DeadLetterFilter.OPEN.withReason(DeadReason.UNREADABLE)).withoutCanary(), AUDIT);
	}

	private void whatDiedUnreadRunsAfterARedriveByReason(NodeProcess next) {
		await().until(() -> this.first
			.count("ledger where number in (200, 201, 202, 203, 204, 205) and node = '" + next.name() + "'") >= 6
				&& this.first.count("background_job_job where name = 'invoice'") == 0);
		assertThat(this.first.operations().deadLetters(DeadLetterFilter.OPEN, null, 20).items()).isEmpty();
	}

	private void whatNoNodeKnowsWaitsForOneThatDoes() {
		this.first.client().enqueueAll(IntStream.range(300, 310).mapToObj((i) -> new Retired(i, 1)).toList());
		this.first.client().enqueueAll(IntStream.range(310, 350).mapToObj((i) -> Work.taking(i, 1)).toList());
		await().until(() -> this.first.count("background_job_job where name = 'work'") == 0);
		assertThat(this.first.count("ledger where number between 310 and 349")).isEqualTo(40);
		List<Map<String, Object>> waiting = this.first.jdbc()
			.queryForList("select id, state, worker, attempt, crashes from background_job_job order by id");
		assertThat(waiting).hasSize(10).allSatisfy((row) -> {
			assertThat(row.get("worker")).isNull();
			assertThat(row.get("attempt")).isEqualTo(0);
		});
		NodeProcess old = this.fleet.start(FIRST);
		await().until(() -> this.first.count("background_job_job") == 0);
		assertThat(nodesOf(300, 310)).containsExactly(old.name());
	}

	private List<String> nodesOf(int from, int to) {
		return this.first.jdbc()
			.queryForList("select distinct node from ledger where number >= ? and number < ?", String.class, from, to);
	}

	private String payload(long job) {
		return String.valueOf(this.first.jdbc()
			.queryForObject("select payload from background_job_job where id = ?", String.class, job));
	}

	private static ConditionFactory await() {
		return Awaitility.await().atMost(Duration.ofSeconds(90)).pollInterval(Duration.ofMillis(50));
	}

}
