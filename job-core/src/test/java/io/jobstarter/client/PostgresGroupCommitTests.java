package io.jobstarter.client;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;

import com.zaxxer.hikari.HikariDataSource;
import io.jobstarter.DueTime;
import io.jobstarter.Enqueued;
import io.jobstarter.store.NewJob;
import io.jobstarter.testdatabases.EmbeddedPostgres;
import org.junit.jupiter.api.Test;

import org.springframework.dao.DataAccessException;
import org.springframework.dao.DataIntegrityViolationException;
import org.springframework.jdbc.core.simple.JdbcClient;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Group commits whose members are known: two callers are held back while they commit, and
 * the others wait for them.
 */
class PostgresGroupCommitTests extends GroupCommitContract {

	private static final String REFUSE_EVE = """
			alter table background_job_job add constraint no_eve check (payload <> 'Eve')
			""";

	private static final String BREAK_AT_EVE = """
			create function break_at_eve() returns trigger language plpgsql as $$ begin
			    perform pg_terminate_backend(pg_backend_pid());
			    return new;
			end $$;
			create trigger break_at_eve before insert on background_job_job
			for each row when (new.payload = 'Eve') execute function break_at_eve()
			""";

	private final CountDownLatch barrier = new CountDownLatch(1);

	private final List<Integer> sizes = new CopyOnWriteArrayList<>();

	private final GroupCommit group = new GroupCommit(this::insert);

	private final List<Caller> callers = new ArrayList<>();

	@Override
	HikariDataSource open() {
		EmbeddedPostgres postgres = EmbeddedPostgres.shared();
		HikariDataSource pool = new HikariDataSource();
		pool.setJdbcUrl(postgres.createDatabase());
		pool.setUsername(postgres.username());
		pool.setPassword(postgres.password());
		return pool;
	}

	@Test
	void whatComesWhileOthersCommitIsCommittedTogether() {
		gather("Bob", "Eve", "Joe");
		this.barrier.countDown();
		assertThat(this.callers).allSatisfy((caller) -> assertThat(payload(caller)).isEqualTo(caller.name));
		assertThat(this.sizes).containsExactlyInAnyOrder(1, 1, 3);
	}

	@Test
	void aJobThatTheDatabaseRefusesConcernsItsCallerOnly() {
		sql(REFUSE_EVE);
		gather("Bob", "Eve", "Joe");
		this.barrier.countDown();
		for (Caller caller : this.callers) {
			if (caller.name.equals("Eve")) {
				assertThat(caller.failure()).isInstanceOf(DataIntegrityViolationException.class);
			}
			else {
				assertThat(payload(caller)).isEqualTo(caller.name);
			}
		}
		assertThat(count()).isEqualTo(4);
	}

	@Test
	void aBrokenConnectionIsToldToAllWhoseJobsMayBeThereAndNothingIsRepeated() {
		sql(BREAK_AT_EVE);
		gather("Bob", "Eve", "Joe");
		this.barrier.countDown();
		assertThat(this.callers.subList(2, 5))
			.allSatisfy((caller) -> assertThat(caller.failure()).isInstanceOf(DataAccessException.class));
		assertThat(this.sizes).containsExactlyInAnyOrder(1, 1, 3);
		assertThat(count()).isEqualTo(2);
		assertThat(this.group.insert(job("Ann")).duplicate()).isFalse();
	}

	@Test
	void anInterruptNeitherEndsTheWaitNorIsLost() {
		gather("Bob", "Eve");
		this.callers.forEach((caller) -> caller.thread.interrupt());
		this.barrier.countDown();
		assertThat(this.callers.subList(2, 4)).allSatisfy((caller) -> {
			assertThat(payload(caller)).isEqualTo(caller.name);
			assertThat(caller.interrupted).isTrue();
		});
		assertThat(count()).isEqualTo(4);
	}

	private List<Enqueued> insert(List<NewJob> jobs) {
		this.sizes.add(jobs.size());
		awaitUninterruptibly();
		return stores().enqueueStore().insertAtOnce(jobs).orElseThrow();
	}

	// Interrupts are for those who wait in the group.
	private void awaitUninterruptibly() {
		boolean open = false;
		while (!open) {
			try {
				this.barrier.await();
				open = true;
			}
			catch (InterruptedException ex) {
				// It goes on waiting.
			}
		}
	}

	/**
	 * Starts two callers that are held back, and those that wait for them.
	 * @param names what the others enqueue
	 */
	private void gather(String... names) {
		start("first");
		start("second");
		await().until(() -> this.sizes.size() == 2);
		for (String name : names) {
			Caller caller = start(name);
			await().until(() -> caller.thread.getState() == Thread.State.WAITING);
		}
	}

	private Caller start(String name) {
		Caller caller = new Caller(name);
		this.callers.add(caller);
		caller.thread.start();
		return caller;
	}

	private String payload(Caller caller) {
		try {
			return stores().operationsStore().find(caller.enqueued.get().id()).orElseThrow().payload();
		}
		catch (Exception ex) {
			throw new IllegalStateException(ex);
		}
	}

	private void sql(String statement) {
		JdbcClient.create(pool()).sql(statement).update();
	}

	private static NewJob job(String payload) {
		return new NewJob("mail", "default", 0, DueTime.NOW, payload, Map.of(), List.of(), null);
	}

	/**
	 * A thread that enqueues a job with its name.
	 */
	private final class Caller {

		private final String name;

		private final FutureTask<Enqueued> enqueued;

		private final Thread thread;

		private volatile boolean interrupted;

		Caller(String name) {
			this.name = name;
			this.enqueued = new FutureTask<>(this::enqueue);
			this.thread = new Thread(this.enqueued);
		}

		private Enqueued enqueue() {
			Enqueued result = PostgresGroupCommitTests.this.group.insert(job(this.name));
			this.interrupted = Thread.interrupted();
			return result;
		}

		Throwable failure() {
			try {
				throw new AssertionError("It got " + this.enqueued.get());
			}
			catch (Exception ex) {
				return ex.getCause();
			}
		}

	}

}
