package io.jobstarter.faults.oracle;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

import io.jobstarter.faults.fleet.FleetDatabase;
import io.jobstarter.faults.fleet.FleetServer;
import io.jobstarter.faults.oracle.NodeEnd.Signal;
import io.jobstarter.faults.oracle.Violation.Rule;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * An oracle that never says no proves nothing: faults that nobody had are planted, and it
 * has to find them.
 */
class OracleTests {

	private static final int EFFECT = 0;

	private static final int FAILS_ONCE = 1;

	private static final int WORK = 2;

	private static final int KILLED = 3;

	private static FleetDatabase database;

	private PlantedRun run;

	@BeforeAll
	static void createDatabase() {
		database = FleetDatabase.create(FleetServer.POSTGRESQL);
	}

	@AfterAll
	static void close() {
		database.close();
	}

	@BeforeEach
	void plantAGoodRun() {
		this.run = new PlantedRun(database.jdbc());
		this.run.expect(EFFECT, true, 0);
		this.run.start(EFFECT, id(EFFECT), 1, "node-1", 1);
		this.run.effect(EFFECT);
		this.run.success(id(EFFECT), 0, 0);
		this.run.expect(FAILS_ONCE, true, 1);
		this.run.start(FAILS_ONCE, id(FAILS_ONCE), 1, "node-1", 1);
		this.run.failure(FAILS_ONCE, 1);
		this.run.start(FAILS_ONCE, id(FAILS_ONCE), 2, "node-1", 3);
		this.run.effect(FAILS_ONCE);
		this.run.success(id(FAILS_ONCE), 1, 0);
		this.run.expect(WORK, false, 0);
		this.run.start(WORK, id(WORK), 1, "node-1", 1);
		this.run.success(id(WORK), 0, 0);
		this.run.expect(KILLED, false, 0);
		this.run.start(KILLED, id(KILLED), 1, "node-1", 9);
		this.run.end("node-1", 10, Signal.KILL, KILLED);
		this.run.start(KILLED, id(KILLED), 1, "node-2", 18);
		this.run.success(id(KILLED), 0, 1);
	}

	@Test
	void saysThatAGoodRunIsGood() {
		Verdict verdict = this.run.judge();
		assertThat(verdict.violations()).isEmpty();
		assertThat(verdict.isGood()).isTrue();
		assertThat(verdict.duplicated()).isOne();
		assertThat(verdict.recovered()).isOne();
		assertThat(verdict.slowestOrphan()).isEqualTo(Duration.ofSeconds(8));
		assertThat(verdict.summary()).isEqualTo("lost 0, unexpected 0, duplicated 1 (in flight at the ends of nodes: "
				+ "1), recovered 1; 2 of 2 jobs have an effect; 1 kills and 0 stops in 60.000 s; the slowest orphan "
				+ "ran again after 8.000 s of 9.000 s");
	}

	@Test
	void namesAJobThatStartedTwiceAlthoughTheNodeThatWasKilledHadNotStartedIt() {
		this.run.start(WORK, id(WORK), 1, "node-2", 19);
		this.run.end("node-3", 10, Signal.KILL, WORK);
		assertThat(this.run.judge().violations()).extracting(Violation::rule).contains(Rule.DUPLICATED);
	}

	@Test
	void namesAJobThatWasLost() {
		this.run.update("delete from background_job_history where id = " + id(WORK));
		Verdict verdict = this.run.judge();
		assertOnly(verdict, Rule.LOST, WORK);
		assertThat(verdict.lost()).isOne();
		assertThat(verdict.explanation()).contains("LOST: job 2 has not succeeded", "job 2, planned as",
				"0.000 s  the enqueue was committed, as job id 1002",
				"1.000 s  attempt 1 starts as job id 1002 on node-1");
	}

	@Test
	void namesAJobThatNeverStarted() {
		this.run.expect(9, false, 0);
		assertOnly(this.run.judge(), Rule.LOST, 9);
	}

	@Test
	void namesAJobThatSucceededWithoutAStart() {
		this.run.update("delete from ledger where number = " + WORK);
		assertOnly(this.run.judge(), Rule.LOST, WORK);
	}

	@Test
	void namesAJobThatSucceededWithoutItsEffect() {
		this.run.update("delete from effect where number = " + EFFECT);
		assertOnly(this.run.judge(), Rule.LOST, EFFECT);
	}

	@Test
	void namesAJobThatIsStillThereWhenTheRunIsOver() {
		this.run.expect(9, false, 0);
		this.run.unfinished(9);
		Verdict verdict = this.run.judge();
		assertThat(verdict.violations()).extracting(Violation::rule).contains(Rule.LOST);
		assertThat(verdict.explanation()).contains("60.000 s  the run is over and it is still there: state 0");
	}

	@Test
	void namesAnEffectThatNobodyCommitted() {
		this.run.effect(77);
		Verdict verdict = this.run.judge();
		assertOnly(verdict, Rule.UNEXPECTED, 77);
		assertThat(verdict.explanation()).contains("job 77\n", "the transaction begins, on node-1");
	}

	@Test
	void namesAStartThatNobodyCommitted() {
		this.run.start(-3, 77, 1, "node-1", 5);
		assertOnly(this.run.judge(), Rule.UNEXPECTED, -3);
	}

	@Test
	void namesAnEffectThatHappenedTwice() {
		this.run.effect(EFFECT);
		assertOnly(this.run.judge(), Rule.UNEXPECTED, EFFECT);
	}

	@Test
	void namesAnEffectWhoseJobHasNotSucceeded() {
		this.run.update("delete from background_job_history where id = " + id(EFFECT));
		assertThat(this.run.judge().violations()).extracting(Violation::rule)
			.containsExactly(Rule.LOST, Rule.UNEXPECTED);
	}

	@Test
	void namesAJobThatWasEnqueuedTwice() {
		this.run.update("update ledger set job_id = 5 where node = 'node-2' and number = " + KILLED);
		assertOnly(this.run.judge(), Rule.UNEXPECTED, KILLED);
	}

	@Test
	void namesAHistoryEntryThatNobodyExplains() {
		this.run.success(55, 0, 0);
		Verdict verdict = this.run.judge();
		assertThat(verdict.violations()).singleElement()
			.hasToString("UNEXPECTED: the history holds job id 55 (SUCCEEDED), which nobody enqueued and which never "
					+ "started");
	}

	@Test
	void namesAJobThatDied() {
		this.run.update("delete from background_job_history where id = " + id(WORK));
		this.run.deadLetter(WORK);
		Verdict verdict = this.run.judge();
		assertThat(verdict.violations()).extracting(Violation::rule).contains(Rule.UNEXPECTED);
		assertThat(verdict.explanation()).contains("20.000 s  it is buried", "its workers died");
	}

	@Test
	void namesAJobThatRanAgainTooLate() {
		this.run.update("update ledger set started_at = started_at + interval '1.001' second where node = 'node-2'");
		Verdict verdict = this.run.judge();
		assertOnly(verdict, Rule.LATE, KILLED);
		assertThat(verdict.explanation()).contains(
				"LATE: job 3 ran again 9.001 s after the end of node-1, not within 9.000 s",
				"10.000 s  node-1 (pid " + "node-1".hashCode() + ") gets SIGKILL");
	}

	@Test
	void countsTheTimeOfAnOrphanFromTheLastEndBeforeItRan() {
		this.run.end("node-3", 16, Signal.KILL, KILLED);
		this.run.update("update ledger set started_at = started_at + interval '6' second where node = 'node-2'");
		Verdict verdict = this.run.judge();
		assertThat(verdict.isGood()).as(verdict.explanation()).isTrue();
		assertThat(verdict.slowestOrphan()).isEqualTo(Duration.ofSeconds(8));
	}

	@Test
	void namesAJobThatStartedMoreOftenThanEndsOfItsNodesExplain() {
		this.run.start(WORK, id(WORK), 1, "node-2", 20);
		Verdict verdict = this.run.judge();
		assertOnly(verdict, Rule.DUPLICATED, WORK);
		assertThat(verdict.explanation()).contains("started 2 times, with 0 failures to come, 0 conflicts and 0 ends");
	}

	@Test
	void takesAStartForExplainedByAConflictOfTransactions() {
		this.run.start(EFFECT, id(EFFECT), 1, "node-2", 20);
		this.run.postponement(EFFECT, 2);
		Verdict verdict = this.run.judge();
		assertThat(verdict.isGood()).as(verdict.explanation()).isTrue();
		this.run.start(EFFECT, id(EFFECT), 1, "node-2", 21);
		Verdict other = this.run.judge();
		assertOnly(other, Rule.DUPLICATED, EFFECT);
		assertThat(other.explanation()).contains("2.000 s  the attempt on node-1 met a conflict: it is made again");
	}

	@Test
	void namesAttemptsThatWereNotToBe() {
		this.run.start(WORK, id(WORK), 2, "node-2", 20);
		assertThat(this.run.judge().violations()).extracting(Violation::rule)
			.contains(Rule.UNEXPECTED)
			.containsOnly(Rule.UNEXPECTED, Rule.DUPLICATED);
	}

	@Test
	void namesAttemptsThatNoFailureUsedUp() {
		this.run.update("update background_job_history set attempts = 1 where id = " + id(WORK));
		assertOnly(this.run.judge(), Rule.MISCOUNTED, WORK);
	}

	@Test
	void namesAFailureThatWasRecordedTwice() {
		this.run.failure(FAILS_ONCE, 1);
		assertOnly(this.run.judge(), Rule.MISCOUNTED, FAILS_ONCE);
	}

	@Test
	void namesACrashThatNoKillExplains() {
		this.run.update("update background_job_history set crashes = 2 where id = " + id(KILLED));
		assertOnly(this.run.judge(), Rule.MISCOUNTED, KILLED);
	}

	@Test
	void countsNoCrashForANodeThatWasStopped() {
		this.run.start(WORK, id(WORK), 1, "node-5", 10);
		this.run.end("node-5", 11, Signal.TERM, WORK);
		assertThat(this.run.judge().violations()).isEmpty();
		this.run.update("update background_job_history set crashes = 1 where id = " + id(WORK));
		assertOnly(this.run.judge(), Rule.MISCOUNTED, WORK);
	}

	@Test
	void namesAJobThatStartedBeforeItWasDue() {
		this.run.update("update background_job_history set due_at = finished_at where id = " + id(WORK));
		assertOnly(this.run.judge(), Rule.EARLY, WORK);
	}

	@Test
	void namesAWorkerThatIsLeftOfANodeThatIsGone() {
		this.run.worker("node-2");
		assertThat(this.run.judge().violations()).isEmpty();
		this.run.update("update background_job_worker set pid = " + "node-1".hashCode());
		assertThat(this.run.judge().violations()).singleElement().extracting(Violation::rule).isEqualTo(Rule.LEFT);
	}

	@Test
	void showsWhatNodesLoggedOfTheJobThatBrokeARule(@TempDir Path directory) throws IOException {
		Path log = directory.resolve("node-1.log");
		Files.writeString(log, """
				2026-01-01T00:00:04.000Z  WARN 1 --- [x] io.jobstarter.jobs : Job 1002 (work, queue default) is odd
				java.lang.IllegalStateException: about job 1002
				2026-01-01T00:00:05.000Z  WARN 1 --- [x] io.jobstarter.jobs : Job 10022 (work, queue default) is not
				""");
		this.run.log("node-1", log);
		this.run.start(WORK, id(WORK), 1, "node-2", 20);
		assertThat(this.run.judge().explanation())
			.contains("4.000 s  node-1 logs: WARN 1 --- [x] io.jobstarter.jobs : Job 1002 (work, queue default) is odd")
			.doesNotContain("is not");
	}

	private static long id(int number) {
		return PlantedRun.idOf(number);
	}

	private static void assertOnly(Verdict verdict, Rule rule, int number) {
		assertThat(verdict.violations()).as(verdict.explanation()).singleElement().satisfies((violation) -> {
			assertThat(violation.rule()).isEqualTo(rule);
			assertThat(violation.number()).isEqualTo(number);
		});
	}

}
