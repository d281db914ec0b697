package io.jobstarter.worker;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;

import io.jobstarter.store.ClaimRequest;
import io.jobstarter.store.ClaimedJob;
import io.jobstarter.store.Lane;
import io.jobstarter.store.Look;
import io.jobstarter.store.QueueScope;
import io.jobstarter.store.jdbc.JdbcStores;
import io.jobstarter.store.jdbc.PostgresListener;
import io.jobstarter.store.jdbc.PostgresNotifier;
import org.hamcrest.Matchers;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * A node that has nothing to do, and hears from another one.
 */
class PostgresIdleNodeTests {

	private static final Duration NEVER = Duration.ofHours(1);

	private static final Lane DEFAULT = new Lane("default", 0, false);

	private final TestDatabase database = TestDatabase.postgres();

	private final Queue<Integer> ran = new ConcurrentLinkedQueue<>();

	private final AtomicInteger looks = new AtomicInteger();

	private final AtomicInteger claims = new AtomicInteger();

	private Duration slowness = Duration.ZERO;

	private final List<Runnable> cleanup = new ArrayList<>();

	@AfterEach
	void close() {
		this.cleanup.forEach(Runnable::run);
		this.database.close();
	}

	record Task(int number) {
	}

	private TestNode idleNode(Duration pollInterval) {
		TestNode node = TestNode.on(this.database)
			.handle(Task.class, (task, attempt) -> this.ran.add(task.number()))
			.pollInterval(pollInterval)
			.claims((store) -> new FaultyClaimStore(store) {

				@Override
				public Look look(QueueScope scope) {
					Look look = super.look(scope);
					await().pollDelay(PostgresIdleNodeTests.this.slowness).until(() -> true);
					PostgresIdleNodeTests.this.looks.incrementAndGet();
					return look;
				}

				@Override
				public List<ClaimedJob> claim(ClaimRequest request) {
					PostgresIdleNodeTests.this.claims.incrementAndGet();
					return store().claim(request);
				}

			})
			.start();
		this.cleanup.add(0, node::close);
		await().untilAtomic(this.looks, Matchers.greaterThan(0));
		return node;
	}

	private void enqueueWithoutAWord(int number) {
		TestNode other = TestNode.on(this.database).handle(Task.class, (task, attempt) -> {
		}).build();
		other.client().enqueue(new Task(number));
		other.close();
	}

	private void listen(TestNode node) {
		PostgresListener listener = this.database.stores()
			.listener(this.database.application(), node.worker())
			.orElseThrow();
		listener.start();
		this.cleanup.add(0, listener::stop);
		await().until(() -> listener.state() == PostgresListener.State.LISTENING);
		assertThat(node.worker().health().announced()).isTrue();
	}

	@Test
	void startsWhatAnotherNodeAnnouncesLongBeforeItsNextLook() {
		TestNode node = idleNode(NEVER);
		listen(node);
		PostgresNotifier other = JdbcStores
			.create(this.database.application(), this.database.application(), "background_job_")
			.notifier()
			.orElseThrow();
		other.start();
		this.cleanup.add(0, other::stop);
		enqueueWithoutAWord(1);
		other.ready(DEFAULT);
		await().until(() -> this.ran.contains(1));
	}

	@Test
	void looksAtOnceWhenAnnouncementsCeaseToArriveSinceSomeMayHaveBeenLost() {
		TestNode node = idleNode(NEVER);
		node.worker().announced(true);
		await().untilAtomic(this.looks, Matchers.greaterThan(1));
		enqueueWithoutAWord(1);
		node.worker().announced(false);
		await().until(() -> this.ran.contains(1));
		assertThat(node.worker().health().announced()).isFalse();
	}

	@Test
	void looksAtOnceAlsoWhereALookIsExpensive() {
		this.slowness = Duration.ofMillis(500);
		TestNode node = idleNode(NEVER);
		enqueueWithoutAWord(1);
		node.worker().announced(false);
		await().until(() -> this.ran.contains(1));
	}

	@Test
	void findsWhatNobodyAnnouncesAlsoWithAStretchedInterval() {
		TestNode node = idleNode(Duration.ofMillis(10));
		node.worker().announced(true);
		await().untilAtomic(this.looks, Matchers.greaterThan(10));
		enqueueWithoutAWord(1);
		await().until(() -> this.ran.contains(1));
	}

	@Test
	void claimsNothingWhereThereAreNoLanes() {
		idleNode(Duration.ofMillis(10));
		await().untilAtomic(this.looks, Matchers.greaterThan(20));
		assertThat(this.claims).hasValue(0);
	}

	@Test
	void hearsWhetherAnnouncementsArriveAlsoBeforeItStarts() {
		TestNode node = TestNode.on(this.database).handle(Task.class, (task, attempt) -> {
		}).build();
		this.cleanup.add(0, node::close);
		node.worker().announced(true);
		node.start();
		assertThat(node.worker().health().announced()).isTrue();
	}

}
