package io.jobstarter.boot4app;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests that an application which cannot start says why.
 */
@ExtendWith(OutputCaptureExtension.class)
class FailedStartTests {

	@Test
	void explainsASettingThatCannotWork(CapturedOutput output) {
		assertThatExceptionOfType(Exception.class)
			.isThrownBy(() -> RunningApp.start(OwnDatabase.h2(), "background-jobs.worker.concurrency=0"));
		assertThat(output).contains("APPLICATION FAILED TO START").contains("background-jobs.worker.concurrency is 0");
	}

}
