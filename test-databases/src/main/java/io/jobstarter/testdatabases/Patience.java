package io.jobstarter.testdatabases;

import java.time.Duration;

import org.awaitility.Awaitility;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestPlan;

/**
 * Lets tests wait for longer than Awaitility's ten seconds, unless they say for how long:
 * on a busy machine whatever is awaited may take some seconds more, and it costs nothing
 * where it comes to pass. Less than the 60 seconds that most classes give each test.
 */
public final class Patience implements TestExecutionListener {

	private static final Duration LIMIT = Duration.ofSeconds(40);

	@Override
	public void testPlanExecutionStarted(TestPlan plan) {
		Awaitility.setDefaultTimeout(LIMIT);
	}

}
