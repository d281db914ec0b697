package io.jobstarter.worker;

import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

import io.jobstarter.AttemptFailure;
import io.jobstarter.JobContextException;
import io.jobstarter.JobContextPropagator;
import io.jobstarter.JobEvent;
import io.jobstarter.JobFailure;
import io.jobstarter.JobId;
import io.jobstarter.JobInfo;
import io.jobstarter.JobState;
import io.jobstarter.fixture.Tenants;
import io.jobstarter.worker.TestNode.Traits;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import org.springframework.transaction.support.TransactionSynchronizationManager;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Tests that a job runs in the context that it was enqueued in, and leaves none of it to
 * the next.
 */
@Timeout(60)
class JobContextTests {

	private final TestDatabase database = TestDatabase.postgres();

	private final List<String> seen = new CopyOnWriteArrayList<>();

	private TestNode node;

	@AfterEach
	void close() {
		this.node.close();
		this.database.close();
	}

	@Test
	void leavesNothingToTheNextJobOfTheThread() {
		Watching watching = new Watching();
		this.node = node(watching).queue("default", 1).handle(Task.class, (task, attempt) -> see(task)).start();
		for (int i = 0; i < 30; i++) {
			enqueueAs(List.of("blue", "red", "none").get(i % 3), i);
		}
		await().until(() -> this.seen.size() == 30);
		for (int i = 0; i < 30; i++) {
			assertThat(this.seen).contains(i + " as " + List.of("blue", "red", "null").get(i % 3));
		}
		await().until(() -> watching.closed.get() == 30);
		assertThat(watching.before).hasSize(30).containsOnly("null in no transaction");
		assertThat(watching.threads.stream().distinct().count()).as("threads, some used again").isLessThan(30);
	}

	@Test
	void clearsTheThreadThoughTheHandlerFails() {
		Watching watching = new Watching();
		this.node = node(watching).queue("default", 1).handle(Task.class, (task, attempt) -> {
			see(task);
			throw new AssertionError("no");
		}).start();
		enqueueAs("blue", 1);
		enqueueAs("red", 2);
		await().until(() -> this.node.events(JobEvent.Settled.class).size() >= 6);
		assertThat(watching.before).containsOnly("null in no transaction");
	}

	@Test
	void retriesAndRetriedDeadLettersKeepTheContext() {
		AtomicInteger attempts = new AtomicInteger();
		this.node = node(new Tenants.Propagator()).handle(Task.class, (task, attempt) -> {
			see(task);
			if (attempts.incrementAndGet() <= 3) {
				throw new IllegalStateException("not yet");
			}
		}).start();
		JobId id = enqueueAs("blue", 1);
		await().until(() -> state(id) == JobState.DEAD);
		assertThat(this.node.operations().deadLetter(id)).isPresent();
		this.node.operations().retry(id);
		await().until(() -> this.seen.size() == 4);
		assertThat(this.seen).containsOnly("1 as blue");
	}

	@Test
	void aJobThatAJobEnqueuesRunsInTheSameContext() {
		this.node = node(new Tenants.Propagator()).handle(Task.class, (task, attempt) -> {
			see(task);
			if (task.number() < 3) {
				this.node.client().enqueue(new Task(task.number() + 1));
			}
		}).start();
		enqueueAs("blue", 1);
		await().until(() -> this.seen.size() == 3);
		assertThat(this.seen).containsExactly("1 as blue", "2 as blue", "3 as blue");
	}

	@Test
	void restoresAroundTheTransactionOfATransactionalHandler() {
		Watching watching = new Watching();
		this.node = node(watching).handle(Task.class, (task, attempt) -> {
			assertThat(TransactionSynchronizationManager.isActualTransactionActive()).isTrue();
			see(task);
		}, new Traits().transactional()).start();
		JobId id = enqueueAs("blue", 1);
		await().until(() -> state(id) == JobState.SUCCEEDED);
		assertThat(this.seen).containsExactly("1 as blue");
		assertThat(watching.before).containsExactly("null in no transaction");
		assertThat(watching.after).containsExactly("blue in no transaction");
	}

	@Test
	void failsTheAttemptWhoseContextCannotBeRestored() {
		failsToRestore(new Traits());
	}

	@Test
	void failsTheAttemptOfATransactionalHandlerToo() {
		failsToRestore(new Traits().transactional());
	}

	private void failsToRestore(Traits traits) {
		AtomicInteger attempts = new AtomicInteger();
		this.node = node(new Watching(), new Tenants.Propagator() {

			@Override
			public Scope restore(Map<String, String> headers) {
				if (attempts.incrementAndGet() == 1) {
					throw new IllegalArgumentException("no tenant " + headers.get("tenant"));
				}
				return super.restore(headers);
			}

		}).handle(Task.class, (task, attempt) -> see(task), traits).start();
		JobId id = enqueueAs("blue", 1);
		await().until(() -> state(id) == JobState.SUCCEEDED);
		assertThat(this.seen).containsExactly("1 as blue");
		assertThat(this.node.operations().failures(id)).extracting(AttemptFailure::failure)
			.singleElement()
			.satisfies(JobContextTests::namesWhatWasMissing);
	}

	private static void namesWhatWasMissing(JobFailure failure) {
		assertThat(failure.errorClass()).isEqualTo(JobContextException.class.getName());
		assertThat(failure.message()).startsWith("The context of the job could not be restored by ")
			.endsWith("IllegalArgumentException: no tenant blue");
	}

	private TestNode.Builder node(JobContextPropagator... propagators) {
		return TestNode.on(this.database).context(propagators);
	}

	private void see(Task task) {
		this.seen.add(task.number() + " as " + Tenants.current());
	}

	private JobId enqueueAs(String tenant, int number) {
		JobId[] id = new JobId[1];
		Runnable enqueue = () -> id[0] = this.node.client().enqueue(new Task(number)).id();
		if (tenant.equals("none")) {
			enqueue.run();
		}
		else {
			Tenants.as(tenant, enqueue);
		}
		return id[0];
	}

	private JobState state(JobId id) {
		return this.node.operations().find(id).map(JobInfo::state).orElseThrow();
	}

	/**
	 * Notes what the thread knew before and after.
	 */
	private static final class Watching extends Tenants.Propagator {

		private final List<String> before = new CopyOnWriteArrayList<>();

		private final List<String> after = new CopyOnWriteArrayList<>();

		private final List<Thread> threads = new CopyOnWriteArrayList<>();

		private final AtomicInteger closed = new AtomicInteger();

		@Override
		public Scope restore(Map<String, String> headers) {
			this.before.add(situation());
			this.threads.add(Thread.currentThread());
			Scope scope = super.restore(headers);
			return () -> {
				this.after.add(situation());
				scope.close();
				this.closed.incrementAndGet();
			};
		}

		private static String situation() {
			boolean transaction = TransactionSynchronizationManager.isActualTransactionActive();
			return Tenants.current() + " in " + (transaction ? "a" : "no") + " transaction";
		}

	}

	record Task(int number) {
	}

}
