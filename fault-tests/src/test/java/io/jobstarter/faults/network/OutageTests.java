package io.jobstarter.faults.network;

import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.List;

import io.jobstarter.faults.oracle.Verdict;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Nodes without a network, by one run that all of these judge.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class OutageTests {

	private static final Duration RESUMES = Duration.ofSeconds(10);

	private static final Duration LONGEST_WAIT = Duration.ofSeconds(30);

	/** Of the logs' own clock: a line is written some time after it was decided on. */
	private static final Duration LATE = Duration.ofSeconds(1);

	private final NetworkForm form = NetworkForm.ofThisRun();

	private final OutageRun outage = new OutageRun(this.form);

	@BeforeAll
	void run() {
		System.out.println("Network outage: " + this.form);
		this.outage.run();
		System.out.println("Network outage: held when cut " + this.outage.heldWhenCut() + ", works again after "
				+ this.outage.refusedFor() + " (refused) and " + this.outage.swallowedFor() + " (swallowed), waits "
				+ this.outage.outputOfSwallowed().waits() + ", lines of loops "
				+ this.outage.outputOfRefused().failuresOfLoops() + ", others "
				+ this.outage.outputOfRefused().otherComplaints() + "; " + this.outage.judge().summary());
	}

	@AfterAll
	void close() {
		this.outage.close();
	}

	@Test
	void aNodeWorksAgainTenSecondsAfterItsNetworkAtTheLatest() {
		assertThat(this.outage.refusedFor()).isLessThan(RESUMES);
		assertThat(this.outage.swallowedFor()).isLessThan(RESUMES);
	}

	@Test
	void noLoopLogsMoreThanOneLineInTenSeconds() {
		assertLogs(this.outage.outputOfRefused());
		assertLogs(this.outage.outputOfSwallowed());
	}

	@Test
	void noThreadOfTheEngineWaitsForALostAnswerForMoreThanThirtySeconds() {
		assertThat(this.outage.outputOfSwallowed().waits()).isNotEmpty()
			.allSatisfy((thread, wait) -> assertThat(wait).as(thread).isLessThan(LONGEST_WAIT));
	}

	@Test
	void theJobsOfNodesThatAreCutOffRunElsewhereAndTheirOldBodiesSettleNothing() {
		Verdict verdict = this.outage.judge();
		assertThat(this.outage.heldWhenCut()).isGreaterThanOrEqualTo(4);
		assertThat(verdict.isGood())
			.withFailMessage(() -> this.form + "\n" + verdict.summary() + "\n" + verdict.explanation())
			.isTrue();
	}

	private static void assertLogs(NodeOutput output) {
		assertThat(output.failuresOfLoops()).isNotEmpty()
			.allSatisfy((loop, times) -> assertThat(gaps(times)).as(loop)
				.allSatisfy((gap) -> assertThat(gap).isGreaterThanOrEqualTo(Duration.ofSeconds(10).minus(LATE))));
	}

	private static List<Duration> gaps(List<OffsetDateTime> times) {
		return times.stream()
			.skip(1)
			.map((time) -> Duration.between(times.get(times.indexOf(time) - 1), time))
			.toList();
	}

}
