package io.jobstarter.faults.network;

import java.time.Duration;

import io.jobstarter.faults.fleet.LoopLines;
import io.jobstarter.faults.fleet.NodeProcess;
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

	private final NetworkForm form = NetworkForm.ofThisRun();

	private final OutageRun outage = new OutageRun(this.form);

	@BeforeAll
	void run() {
		System.out.println("Network outage: " + this.form);
		this.outage.run();
		System.out.println("Network outage: held when cut " + this.outage.heldWhenCut() + ", works again after "
				+ this.outage.refusedFor() + " (refused) and " + this.outage.swallowedFor() + " (swallowed), waits "
				+ NodeOutput.of(this.outage.swallowed()).waits() + ", lines of loops "
				+ LoopLines.failures(this.outage.refused().log()) + ", complaints in all "
				+ LoopLines.complaints(this.outage.refused()) + "; " + this.outage.judge().summary());
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
		assertLogs(this.outage.refused());
		assertLogs(this.outage.swallowed());
	}

	@Test
	void noThreadOfTheEngineWaitsForALostAnswerForMoreThanThirtySeconds() {
		assertThat(NodeOutput.of(this.outage.swallowed()).waits()).isNotEmpty()
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

	private static void assertLogs(NodeProcess node) {
		assertThat(LoopLines.failures(node.log())).as("loops that failed on %s", node.name()).isNotEmpty();
		assertThat(LoopLines.tooMany(node)).isEmpty();
	}

}
