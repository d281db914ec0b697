package io.jobstarter.faults.network;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import io.jobstarter.faults.fleet.Fleet;
import io.jobstarter.faults.fleet.FleetDatabase;
import io.jobstarter.faults.fleet.FleetServer;
import io.jobstarter.faults.fleet.NodeOptions;
import io.jobstarter.faults.fleet.NodeProcess;
import io.jobstarter.faults.fleet.TcpProxy.Direction;
import io.jobstarter.faults.oracle.Evidence;
import io.jobstarter.faults.oracle.NodeEnd;
import io.jobstarter.faults.oracle.NodeEnd.Signal;
import io.jobstarter.faults.oracle.Oracle;
import io.jobstarter.faults.oracle.Plan;
import io.jobstarter.faults.oracle.PlannedJob;
import io.jobstarter.faults.oracle.PlannedJob.Placement;
import io.jobstarter.faults.oracle.RunFacts;
import io.jobstarter.faults.oracle.RunFacts.Note;
import io.jobstarter.faults.oracle.Verdict;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;

/**
 * Three nodes, one of which is refused by its network, and the network of another
 * swallows what is sent, while they hold jobs; the third one has to do with it all. Then
 * both networks are as before.
 */
final class OutageRun implements AutoCloseable {

	private static final int SLOTS_OF_OTHERS = 24;

	/**
	 * Enough for the slots of all: those that are cut off hold some, whoever is quicker.
	 */
	private static final int LONG_JOBS = SLOTS_OF_OTHERS + 20;

	private static final Duration PATIENCE = Duration.ofSeconds(90);

	private final NetworkForm form;

	private final FleetDatabase database = FleetDatabase.create(FleetServer.POSTGRESQL);

	private final Fleet fleet;

	private final Map<Integer, PlannedJob> planned = new LinkedHashMap<>();

	private final Map<Integer, Note> committed = new HashMap<>();

	private final List<NodeEnd> cuts = new ArrayList<>();

	private final CutNode refused;

	private final CutNode swallowed;

	private final Instant begin;

	private Duration refusedFor = PATIENCE;

	private Duration swallowedFor = PATIENCE;

	OutageRun(NetworkForm form) {
		this.form = form;
		this.fleet = new Fleet(this.database, form.nodeSettings());
		this.begin = this.database.now();
		// What the others hold is to wait for nothing but the end of their leases.
		this.fleet.start(NodeOptions.NONE.with("--background-jobs.queues.default.concurrency=" + SLOTS_OF_OTHERS)
			.with("--spring.datasource.hikari.maximum-pool-size=" + (SLOTS_OF_OTHERS + 4)));
		this.refused = CutNode.start(this.fleet, this.database, "of-refused");
		this.swallowed = CutNode.start(this.fleet, this.database, "of-swallowed");
	}

	void run() {
		this.fleet.awaitAtWork(3);
		holdJobs();
		cut();
		awaitOutage();
		Instant back = Instant.now();
		this.refused.proxy().pass();
		this.swallowed.proxy().pass();
		awaitReturn(back);
		awaitEnd();
	}

	NodeProcess refused() {
		return this.refused.node();
	}

	NodeProcess swallowed() {
		return this.swallowed.node();
	}

	/**
	 * Tells how long after its return the refusing network's node worked again.
	 * @return the time from there to the first body that it started
	 */
	Duration refusedFor() {
		return this.refusedFor;
	}

	Duration swallowedFor() {
		return this.swallowedFor;
	}

	int heldWhenCut() {
		return this.cuts.stream().mapToInt((cut) -> cut.held().size()).sum();
	}

	// They last longer than the lease: their bodies are over when others have run the
	// jobs.
	private void holdJobs() {
		int millis = Math.toIntExact(this.form.lease().plusSeconds(3).toMillis());
		await().until(() -> {
			if (this.planned.size() < LONG_JOBS) {
				enqueue(true, millis);
				enqueue(false, millis);
			}
			return Stream.of(this.refused, this.swallowed).allMatch(this::holdsBothKinds);
		});
	}

	private boolean holdsBothKinds(CutNode cut) {
		List<Integer> numbers = startedBy(cut.node());
		return numbers.stream().anyMatch((number) -> number % 2 == 0)
				&& numbers.stream().anyMatch((number) -> number % 2 == 1);
	}

	private List<Integer> startedBy(NodeProcess node) {
		return this.database.jdbc().queryForList("select number from ledger where pid = ?", Integer.class, node.pid());
	}

	private void enqueue(boolean hasEffect, int millis) {
		enqueue(hasEffect, millis, Placement.PLAIN.queue());
	}

	private void enqueue(boolean hasEffect, int millis, String queue) {
		PlannedJob job = new PlannedJob(this.planned.size(), hasEffect, millis, 0, null,
				new Placement(queue, 0, 0, false));
		this.planned.put(job.number(), job);
		long id = this.database.client().job(job.payload()).queue(queue).enqueue().id().value();
		this.committed.put(job.number(), new Note(id, this.database.now()));
	}

	private void cut() {
		Instant at = this.database.now();
		this.refused.proxy().refuse();
		switch (new Random(this.form.seed()).nextInt(3)) {
			case 0 -> this.swallowed.proxy().blackhole(Direction.TO_SERVER);
			case 1 -> this.swallowed.proxy().blackhole(Direction.TO_CLIENT);
			default -> this.swallowed.proxy().blackhole();
		}
		note(this.refused.node(), at);
		note(this.swallowed.node(), at);
	}

	private void note(NodeProcess node, Instant at) {
		List<String> payloads = this.database.jdbc().queryForList("""
				select payload from background_job_job
				where worker in (select id from background_job_worker where pid = ?)
				""", String.class, node.pid());
		Set<Integer> held = new HashSet<>(payloads.stream().map(Evidence::numberIn).toList());
		this.cuts.add(new NodeEnd(node.name(), node.pid(), Signal.CUT, at, held));
	}

	private void awaitOutage() {
		long end = System.nanoTime() + this.form.outage().toNanos();
		await().until(() -> {
			enqueueAFew();
			return System.nanoTime() - end >= 0;
		});
	}

	private void enqueueAFew() {
		enqueue(true, 20);
		enqueue(false, 20);
	}

	// By jobs that nobody else can take.
	private void awaitReturn(Instant back) {
		enqueue(false, 20, this.refused.queue());
		enqueue(false, 20, this.swallowed.queue());
		await().until(() -> {
			this.refusedFor = untilWork(this.refused, back, this.refusedFor);
			this.swallowedFor = untilWork(this.swallowed, back, this.swallowedFor);
			return this.refusedFor != PATIENCE && this.swallowedFor != PATIENCE;
		});
	}

	private Duration untilWork(CutNode cut, Instant back, Duration known) {
		return cut.firstStartAfter(back).map((start) -> Duration.between(back, start)).orElse(known);
	}

	private void awaitEnd() {
		await().until(() -> this.database.count("background_job_job") == 0);
		// Until the old bodies have ended, and what they came to has met no row.
		await().until(() -> Stream.of(this.refused, this.swallowed).allMatch((cut) -> cut.node().isIdle()));
	}

	Verdict judge() {
		Map<String, Path> logs = this.fleet.all()
			.stream()
			.collect(Collectors.toMap(NodeProcess::name, NodeProcess::logFile));
		return new Oracle(new RunFacts(new Plan(List.of(), List.of(), this.planned), this.form.takeover(),
				new RunFacts.Period(this.begin, this.database.now()), this.committed, this.cuts,
				Evidence.read(this.database.jdbc()), logs))
			.judge();
	}

	private static ConditionFactory await() {
		return Awaitility.await().atMost(PATIENCE).pollInterval(Duration.ofMillis(100)).pollInSameThread();
	}

	@Override
	public void close() {
		this.fleet.close();
		this.refused.close();
		this.swallowed.close();
		this.database.close();
	}

}
