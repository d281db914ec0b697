package io.jobstarter.worker;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import io.jobstarter.JobFilter;
import io.jobstarter.JobId;
import io.jobstarter.JobState;
import io.jobstarter.QueueInfo;
import io.jobstarter.ReasonCode;
import io.jobstarter.store.ClaimRequest;
import io.jobstarter.store.ClaimStore;
import io.jobstarter.store.ClaimedJob;
import io.jobstarter.worker.WorkerSettings.QueueSettings;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Nodes that together run a bounded number of jobs of a queue.
 */
@Timeout(60)
abstract class FleetEngineContractTests {

	private static final int LAST = -1;

	private final List<TestNode> nodes = new ArrayList<>();

	private final AtomicInteger running = new AtomicInteger();

	private final AtomicInteger most = new AtomicInteger();

	private final Set<String> ranOn = ConcurrentHashMap.newKeySet();

	private volatile CountDownLatch mayEnd = new CountDownLatch(0);

	private final CountDownLatch lastMayEnd = new CountDownLatch(1);

	private TestDatabase database;

	abstract TestDatabase createDatabase();

	@BeforeEach
	void createFreshDatabase() {
		this.database = createDatabase();
	}

	@AfterEach
	void close() {
		this.mayEnd.countDown();
		this.lastMayEnd.countDown();
		this.nodes.forEach(TestNode::close);
		this.database.close();
	}

	record Task(int number) {
	}

	private TestNode.Builder node(String name) {
		return TestNode.on(this.database).handle(Task.class, (task, attempt) -> {
			this.ranOn.add(name);
			this.most.accumulateAndGet(this.running.incrementAndGet(), Math::max);
			try {
				for (long end = System.nanoTime() + 500_000; System.nanoTime() < end;) {
					Thread.onSpinWait();
				}
				((task.number() == LAST) ? this.lastMayEnd : this.mayEnd).await();
			}
			finally {
				this.running.decrementAndGet();
			}
		});
	}

	private TestNode started(TestNode.Builder builder) {
		TestNode node = builder.start();
		this.nodes.add(node);
		return node;
	}

	private static QueueSettings bounded(int concurrency, Integer maxFleetConcurrency) {
		return new QueueSettings(concurrency, 1, null, maxFleetConcurrency);
	}

	private static void enqueue(TestNode node, int count) {
		node.client().enqueueAll(IntStream.range(0, count).mapToObj(Task::new).toList());
	}

	private static void keepBusy(TestNode node, BooleanSupplier end) {
		await().until(() -> {
			assertThat(claimed(node)).isLessThanOrEqualTo(3);
			if (waiting(node) < 200) {
				enqueue(node, 300);
			}
			return end.getAsBoolean();
		});
	}

	private static long waiting(TestNode node) {
		return Objects
			.requireNonNull(node.jdbc().queryForObject("select count(*) from background_job_job", Long.class));
	}

	private static long claimed(TestNode node) {
		return Objects.requireNonNull(node.jdbc()
			.queryForObject("select count(*) from background_job_job where worker is not null", Long.class));
	}

	private static int count(TestNode node, JobState state) {
		return node.operations().find(JobFilter.in(state), null, 200).items().size();
	}

	private static QueueInfo.FleetUse use(TestNode node) {
		return node.operations()
			.queues()
			.stream()
			.filter((queue) -> queue.name().equals("default"))
			.map(QueueInfo::fleet)
			.findFirst()
			.orElse(null);
	}

	@Test
	void allNodesTogetherRunNoMoreThanTheLimit() {
		TestNode one = started(node("one").queue("default", bounded(10, 3)));
		TestNode two = started(node("two").queue("default", bounded(10, 3)));
		keepBusy(two, () -> this.ranOn.size() == 2);
		await().until(() -> {
			assertThat(claimed(one)).isLessThanOrEqualTo(3);
			return waiting(one) == 0;
		});
		assertThat(this.most.get()).isBetween(1, 3);
	}

	@Test
	void whatAnOperatorSetsHoldsOnAllNodesAndIsToldByWhy() {
		this.mayEnd = new CountDownLatch(1);
		TestNode one = node("one").queue("default", 10).build();
		this.nodes.add(one);
		one.operations().setFleetConcurrency("default", 2);
		one.start();
		started(node("two").queue("default", 10));
		enqueue(one, 20);
		await().until(() -> this.running.get() == 2);
		JobId waiting = one.operations().find(JobFilter.in(JobState.READY), null, 1).items().get(0).id();
		assertThat(one.operations().why(waiting).orElseThrow().reasons()).anySatisfy((reason) -> {
			assertThat(reason.code()).isEqualTo(ReasonCode.FLEET_LIMIT);
			assertThat(reason.sentence()).isEqualTo("The fleet's limit of this queue is used up (2 of 2).");
		});
		one.operations().setFleetConcurrency("default", 5);
		await().until(() -> this.running.get() == 5);
		assertThat(use(one)).isEqualTo(new QueueInfo.FleetUse(5, true, 5));
		assertThat(this.most).hasValue(5);
	}

	@Test
	void aNodeThatStopsHandsItsSlotsOverBeforeItsLastJobEnds() {
		this.mayEnd = new CountDownLatch(1);
		TestNode one = started(node("one").queue("default", bounded(4, 4)));
		one.client().enqueueAll(Stream.of(LAST, 1, 2, 3).map(Task::new).toList());
		await().until(() -> this.running.get() == 4);
		TestNode two = started(node("two").queue("default", bounded(4, 4)));
		enqueue(one, 20);
		CompletableFuture<Void> stopped = CompletableFuture.runAsync(one::stop);
		this.mayEnd.countDown();
		await().until(() -> count(two, JobState.SUCCEEDED) == 23);
		assertThat(this.ranOn).contains("two");
		assertThat(this.running).hasValue(1);
		assertThat(stopped).isNotDone();
		this.lastMayEnd.countDown();
		await().until(stopped::isDone);
		assertThat(this.most).hasValue(4);
	}

	@Test
	void aClaimWhoseReplyIsLostCostsNoSlotAndBringsNothingIfItArrivesLate() {
		AtomicReference<Late> late = new AtomicReference<>();
		TestNode one = started(node("one").queue("default", bounded(5, 1)).claims((store) -> {
			late.set(new Late(store));
			return late.get();
		}));
		enqueue(one, 5);
		await().until(() -> count(one, JobState.SUCCEEDED) == 5);
		assertThat(late.get().arrived).isEmpty();
		assertThat(this.most).hasValue(1);
	}

	/**
	 * Sends the first claim only after the node has freed what it may have brought.
	 */
	private static final class Late extends FaultyClaimStore {

		private @Nullable ClaimRequest sent;

		private volatile @Nullable List<ClaimedJob> arrived;

		Late(ClaimStore store) {
			super(store);
		}

		@Override
		public List<ClaimedJob> claim(ClaimRequest request) {
			if (this.sent == null) {
				this.sent = request;
				throw new IllegalStateException("no reply");
			}
			return store().claim(request);
		}

		@Override
		public int release(long worker, long claim) {
			int released = super.release(worker, claim);
			if (this.arrived == null) {
				this.arrived = store().claim(Objects.requireNonNull(this.sent));
			}
			return released;
		}

	}

}
