package io.jobstarter.autoconfigure;

import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiConsumer;

import javax.sql.DataSource;

import io.jobstarter.BackgroundJob;
import io.jobstarter.JobAttempt;
import io.jobstarter.JobClient;
import io.jobstarter.JobContextPropagator;
import io.jobstarter.JobId;
import io.jobstarter.JobInfo;
import io.jobstarter.JobOperations;
import io.jobstarter.JobState;
import io.jobstarter.JobTimeoutException;
import io.jobstarter.RetryOn;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledForJreRange;
import org.junit.jupiter.api.condition.JRE;
import org.slf4j.MDC;

import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.event.ContextClosedEvent;
import org.springframework.context.event.EventListener;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.jdbc.core.simple.JdbcClient;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Tests of jobs in virtual threads, by the switch of Spring Boot's.
 */
@EnabledForJreRange(min = JRE.JAVA_21)
@Timeout(120)
class VirtualThreadTests {

	private static final int MANY = 500;

	private final ApplicationContextRunner application = Contexts.onH2()
		.withUserConfiguration(Bodies.class, Watching.class)
		.withPropertyValues("spring.threads.virtual.enabled=true", "background-jobs.queues.default.concurrency=" + MANY,
				"background-jobs.context.mdc-keys=requestId");

	@AfterEach
	void clear() {
		MDC.clear();
	}

	@Test
	void runsFiveHundredBodiesAtATimeEachInItsOwnContext() {
		this.application.run((context) -> {
			for (int i = 0; i < MANY; i++) {
				MDC.put("requestId", "r-" + i);
				context.getBean(JobClient.class).enqueue(new Meet(i));
			}
			Bodies bodies = context.getBean(Bodies.class);
			await().until(() -> bodies.met.size() == MANY);
			assertThat(bodies.met).allMatch((met) -> met.equals("in its own context"));
			assertThat(bodies.threads).allMatch(WorkerThreadsTests::isVirtual)
				.extracting(Thread::getName)
				.doesNotHaveDuplicates()
				.allMatch((name) -> name.matches("background-jobs-\\d+"));
			Watching watching = context.getBean(Watching.class);
			await().until(() -> watching.closed.get() == MANY);
			assertThat(watching.left).isEmpty();
		});
	}

	@Test
	void interruptsABodyThatTakesTooLong() {
		this.application.run((context) -> {
			JobId id = context.getBean(JobClient.class).enqueue(new Hang()).id();
			JobOperations operations = context.getBean(JobOperations.class);
			await().until(() -> operations.find(id).map(JobInfo::state).orElseThrow() == JobState.DEAD);
			assertThat(context.getBean(Bodies.class).interrupted).isTrue();
			assertThat(operations.failures(id)).singleElement()
				.satisfies((failure) -> assertThat(failure.failure().errorClass())
					.isEqualTo(JobTimeoutException.class.getName()));
		});
	}

	@Test
	void runsBodiesThatHoldALockWhileTheyUseTheDatabase() {
		this.application.run((context) -> {
			for (int i = 0; i < 50; i++) {
				context.getBean(JobClient.class).enqueue(new Lock());
			}
			await().until(() -> ended(context, "lock") == 50);
			assertThat(context.getBean(Bodies.class).unguarded).isEqualTo(50);
		});
	}

	@Test
	void letsBodiesEndWhenTheApplicationStops() {
		this.application.run((context) -> {
			context.getBean(JobClient.class).enqueue(new Drain());
			Bodies bodies = context.getBean(Bodies.class);
			await().until(() -> bodies.draining.getCount() == 0);
			context.close();
			assertThat(bodies.drained).isTrue();
			assertThat(bodies.interrupted).isFalse();
		});
	}

	@Test
	void interruptsWhatDoesNotEndWhenTheApplicationStops() {
		this.application.withPropertyValues("background-jobs.worker.shutdown-timeout=100ms").run((context) -> {
			context.getBean(JobClient.class).enqueue(new Stay());
			Bodies bodies = context.getBean(Bodies.class);
			await().until(() -> bodies.draining.getCount() == 0);
			context.close();
			assertThat(bodies.interrupted).isTrue();
		});
	}

	private static long ended(ApplicationContext context, String name) {
		return JdbcClient.create(context.getBean(DataSource.class))
			.sql("select count(*) from background_job_history where name = ?")
			.param(name)
			.query(Long.class)
			.single();
	}

	record Meet(int number) {
	}

	record Hang() {
	}

	record Lock() {
	}

	record Drain() {
	}

	record Stay() {
	}

	@Configuration(proxyBeanMethods = false)
	static class Bodies {

		private final CountDownLatch together = new CountDownLatch(MANY);

		private final List<String> met = new CopyOnWriteArrayList<>();

		private final List<Thread> threads = new CopyOnWriteArrayList<>();

		private final AtomicBoolean interrupted = new AtomicBoolean();

		private final AtomicBoolean drained = new AtomicBoolean();

		private final CountDownLatch draining = new CountDownLatch(1);

		private final CountDownLatch closing = new CountDownLatch(1);

		private final DataSource dataSource;

		private int unguarded;

		Bodies(DataSource dataSource) {
			this.dataSource = dataSource;
		}

		// Ends only if all of them run at the same time.
		@BackgroundJob
		void meet(Meet meet, JobAttempt attempt) throws InterruptedException {
			this.threads.add(Thread.currentThread());
			this.together.countDown();
			this.together.await();
			String id = MDC.get("requestId");
			boolean own = ("r-" + meet.number()).equals(id) && attempt.id().toString().equals(MDC.get("jobId"));
			this.met.add(own ? "in its own context" : meet.number() + " as " + id);
		}

		@BackgroundJob(timeout = "200ms")
		@RetryOn(value = JobTimeoutException.class, maxAttempts = 1)
		void hang(Hang hang) throws InterruptedException {
			waitForEver();
		}

		@BackgroundJob
		synchronized void lock(Lock lock) {
			int before = this.unguarded;
			JdbcClient.create(this.dataSource).sql("select 1").query(Integer.class).single();
			this.unguarded = before + 1;
		}

		@BackgroundJob
		void drain(Drain drain) throws InterruptedException {
			this.draining.countDown();
			this.closing.await();
			this.drained.set(true);
		}

		@BackgroundJob
		void stay(Stay stay) throws InterruptedException {
			this.draining.countDown();
			waitForEver();
		}

		private void waitForEver() throws InterruptedException {
			try {
				new CountDownLatch(1).await();
			}
			catch (InterruptedException ex) {
				this.interrupted.set(true);
				throw ex;
			}
		}

		@EventListener
		void closing(ContextClosedEvent event) {
			this.closing.countDown();
		}

	}

	/**
	 * The outermost propagator, which looks at what the others leave.
	 */
	@Configuration(proxyBeanMethods = false)
	static class Watching {

		private final List<String> left = new CopyOnWriteArrayList<>();

		private final AtomicInteger closed = new AtomicInteger();

		@Bean
		@Order(Ordered.HIGHEST_PRECEDENCE)
		JobContextPropagator watch() {
			return new JobContextPropagator() {

				@Override
				public void capture(BiConsumer<String, @Nullable String> headers) {
				}

				@Override
				public Scope restore(Map<String, String> headers) {
					look();
					return () -> {
						look();
						Watching.this.closed.incrementAndGet();
					};
				}

			};
		}

		private void look() {
			Map<String, String> mdc = MDC.getCopyOfContextMap();
			if (mdc != null && !mdc.isEmpty()) {
				this.left.add(mdc.toString());
			}
		}

	}

}
