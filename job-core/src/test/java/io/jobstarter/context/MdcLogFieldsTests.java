package io.jobstarter.context;

import java.util.Map;

import io.jobstarter.JobContextPropagator.Scope;
import io.jobstarter.JobId;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.slf4j.MDC;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests of {@link MdcLogFields}.
 */
class MdcLogFieldsTests {

	private final MdcLogFields fields = new MdcLogFields();

	@AfterEach
	void clear() {
		MDC.clear();
	}

	@Test
	void namesTheJobAndPutsBackWhatWasThere() {
		MDC.put("queue", "mine");
		MDC.put("requestId", "r-1");
		Scope scope = this.fields.put(new JobId(42), "mail", "mailers");
		assertThat(MDC.getCopyOfContextMap())
			.isEqualTo(Map.of("jobId", "42", "jobName", "mail", "queue", "mailers", "requestId", "r-1"));
		scope.close();
		assertThat(MDC.getCopyOfContextMap()).isEqualTo(Map.of("queue", "mine", "requestId", "r-1"));
	}

	@Test
	void putsBackWhatWasThereThoughSomebodyClearedIt() {
		MDC.put("queue", "mine");
		Scope scope = this.fields.put(new JobId(42), "mail", "mailers");
		MDC.clear();
		MDC.put("jobId", "forged");
		scope.close();
		assertThat(MDC.getCopyOfContextMap()).isEqualTo(Map.of("queue", "mine"));
	}

}
