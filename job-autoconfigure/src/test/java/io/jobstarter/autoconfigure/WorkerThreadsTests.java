package io.jobstarter.autoconfigure;

import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.Collections;

import io.jobstarter.JobClient;
import io.jobstarter.JobOperations;
import io.jobstarter.autoconfigure.Greetings.Greet;
import io.jobstarter.worker.JobWorker;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledForJreRange;
import org.junit.jupiter.api.condition.JRE;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.ApplicationContext;
import org.springframework.util.ClassUtils;
import org.springframework.util.ReflectionUtils;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Tests of the threads that jobs run in.
 */
class WorkerThreadsTests {

	private final ApplicationContextRunner application = Contexts.onH2().withUserConfiguration(Greetings.class);

	@ParameterizedTest
	@CsvSource({ "auto, false", "platform, false", "platform, true" })
	void runsJobsInDaemonThreadsOfThePlatform(String threads, boolean bootUsesVirtual) {
		this.application
			.withPropertyValues("background-jobs.worker.threads=" + threads,
					"spring.threads.virtual.enabled=" + bootUsesVirtual)
			.run((context) -> {
				Thread thread = threadOfAJob(context);
				assertThat(isVirtual(thread)).isFalse();
				assertThat(thread.isDaemon()).isTrue();
				assertThat(thread.getName()).matches("background-jobs-\\d+");
			});
	}

	@ParameterizedTest
	@ValueSource(strings = { "auto", "platform" })
	void hasAThreadForEachSlotThatAnOperatorAdds(String threads) {
		this.application.withPropertyValues("background-jobs.worker.threads=" + threads).run((context) -> {
			context.getBean(JobOperations.class).setConcurrency("slow", 30);
			context.getBean(JobClient.class).enqueueAll(Collections.nCopies(40, new Greetings.Linger()));
			await().until(() -> context.getBean(JobWorker.class).health().usedSlots(),
					(used) -> Integer.valueOf(30).equals(used.get("slow")));
			await().until(() -> bodies() == 30);
			context.getBean(Greetings.class).endLingering();
		});
	}

	private static long bodies() {
		return Thread.getAllStackTraces()
			.values()
			.stream()
			.filter((stack) -> Arrays.stream(stack).anyMatch((frame) -> frame.getMethodName().equals("linger")))
			.count();
	}

	@ParameterizedTest
	@CsvSource({ "auto, true", "virtual, false", "virtual, true" })
	@EnabledForJreRange(min = JRE.JAVA_21)
	void runsJobsInVirtualThreads(String threads, boolean bootUsesVirtual) {
		this.application
			.withPropertyValues("background-jobs.worker.threads=" + threads,
					"spring.threads.virtual.enabled=" + bootUsesVirtual)
			.run((context) -> {
				Thread thread = threadOfAJob(context);
				assertThat(isVirtual(thread)).isTrue();
				assertThat(thread.getName()).startsWith("background-jobs-");
			});
	}

	@Test
	@EnabledForJreRange(max = JRE.JAVA_20)
	void goesOnWithPlatformThreadsWhereThereAreNoOthers() {
		this.application.withPropertyValues("spring.threads.virtual.enabled=true")
			.run((context) -> assertThat(threadOfAJob(context).getName()).startsWith("background-jobs-"));
	}

	@Test
	@EnabledForJreRange(max = JRE.JAVA_20)
	void refusesVirtualThreadsWhereThereAreNone() {
		FailureAnalysis analysis = StartFailures
			.analysisOf(this.application.withPropertyValues("background-jobs.worker.threads=virtual"));
		assertThat(analysis.getDescription())
			.startsWith("background-jobs.worker.threads is virtual, but this is Java ");
		assertThat(analysis.getAction()).contains("Use Java 21 or later, or 'auto'");
	}

	private static Thread threadOfAJob(ApplicationContext context) {
		context.getBean(JobClient.class).enqueue(new Greet("you"));
		Greetings greetings = context.getBean(Greetings.class);
		await().until(() -> !greetings.threads().isEmpty());
		return greetings.threads().get(0);
	}

	// Compiled for Java 17.
	static boolean isVirtual(Thread thread) {
		if (Runtime.version().feature() < 21) {
			return false;
		}
		Method isVirtual = ClassUtils.getMethod(Thread.class, "isVirtual");
		return Boolean.TRUE.equals(ReflectionUtils.invokeMethod(isVirtual, thread));
	}

}
