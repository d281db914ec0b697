package io.jobstarter.faults.life;

import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;

import io.jobstarter.faults.life.ProtocolState.At;
import io.jobstarter.faults.life.ProtocolState.Doing;
import io.jobstarter.faults.life.ProtocolState.Job;
import io.jobstarter.faults.life.ProtocolState.Message;
import io.jobstarter.faults.life.ProtocolState.Mode;
import io.jobstarter.faults.life.ProtocolState.Node;
import io.jobstarter.faults.life.ProtocolState.Row;
import io.jobstarter.faults.life.ProtocolState.Slot;
import org.jspecify.annotations.Nullable;

/**
 * The protocol of leases, claims, fences, permits and recovery, as
 * {@code architecture.md} tells it, small enough that every state can be visited. Time is
 * left out but for "the lease may have ended". Replies get lost, statements arrive late,
 * processes stop, go on and crash, and the database goes away, at any point. The jobs are
 * transactional, and have a key of which there is one permit.
 * <p>
 * What must not be: two effects of a job; a claim that ends in the name of another; a
 * body that starts without its claim; permits that do not agree with the jobs; a job
 * taken from a node that holds its lease, or that has had no time to renew it after an
 * outage; and a state from which no way leads to the end of all jobs.
 */
final class ProtocolModel implements Explorer.Rules<ProtocolState> {

	private static final int CRASH_LIMIT = 2;

	/** What is on the wire at the same time. */
	private static final int MOST_MESSAGES = 1;

	private static final int PERMITS = 1;

	private final Size size;

	private final Set<Guard> missing;

	private List<Explorer.Step<ProtocolState>> steps = new ArrayList<>();

	/**
	 * Makes a model.
	 * @param size how large it is
	 * @param missing the guards that it leaves out
	 */
	ProtocolModel(Size size, Set<Guard> missing) {
		this.size = size;
		this.missing = missing.isEmpty() ? EnumSet.noneOf(Guard.class) : EnumSet.copyOf(missing);
	}

	/**
	 * How large a model is.
	 *
	 * @param jobs how many jobs there are
	 * @param nodes how many nodes
	 * @param slots how many slots each has
	 * @param identities how many ids of workers; those that nothing names are drawn again
	 * @param claims how many numbers of claims
	 * @param faults what may happen
	 */
	record Size(int jobs, int nodes, int slots, int identities, int claims, Set<Fault> faults) {
	}

	/** What may happen to nodes and to the database. */
	enum Fault {

		/** Processes stop and go on. */
		STOP,

		/** Processes end without a word, and others start. */
		CRASH,

		/** Replies get lost, and statements arrive late. */
		NETWORK,

		/** The database goes away for longer than a lease. */
		OUTAGE

	}

	@Override
	public ProtocolState first() {
		List<Row> rows = new ArrayList<>(Collections.nCopies(this.size.identities(), Row.ABSENT));
		List<Node> nodes = new ArrayList<>();
		for (int i = 0; i < this.size.nodes(); i++) {
			rows.set(i, Row.LEASED);
			nodes.add(new Node(Mode.UP, i, true, false, Collections.nCopies(this.size.slots(), null)));
		}
		return new ProtocolState(Collections.nCopies(this.size.jobs(), Job.NEW), rows, 0, true, true, nodes, List.of());
	}

	@Override
	public boolean isEnd(ProtocolState state) {
		return state.isOver();
	}

	@Override
	public List<Explorer.Step<ProtocolState>> steps(ProtocolState state) {
		this.steps = new ArrayList<>();
		for (int node = 0; node < this.size.nodes(); node++) {
			nodeActs(state, node);
		}
		databaseActs(state);
		return this.steps;
	}

	private void nodeActs(ProtocolState state, int number) {
		Node node = state.nodes().get(number);
		processActs(state, number, node);
		if (node.mode() != Mode.UP) {
			return;
		}
		for (int slot = 0; slot < this.size.slots(); slot++) {
			slotActs(state, number, slot);
		}
		if (state.up()) {
			renew(state, number, node);
		}
	}

	private void processActs(ProtocolState state, int number, Node node) {
		if (allows(Fault.STOP) && node.mode() == Mode.UP) {
			step("node " + number + " is stopped", state.node(number, node.mode(Mode.STOPPED)));
		}
		if (node.mode() == Mode.STOPPED) {
			step("node " + number + " goes on", state.node(number, node.mode(Mode.UP)));
		}
		if (allows(Fault.CRASH) && node.mode() != Mode.CRASHED) {
			step("node " + number + " crashes", state.node(number,
					new Node(Mode.CRASHED, -1, false, false, Collections.nCopies(this.size.slots(), null))));
		}
		int fresh = freshIdentity(state);
		if (node.mode() == Mode.CRASHED && state.up() && fresh >= 0) {
			step("node " + number + " starts again",
					state.worker(fresh, Row.LEASED).node(number, node.mode(Mode.UP).renewed(fresh)));
		}
	}

	// The current identity, and those that are retired as long as jobs are held by them.
	private void renew(ProtocolState state, int number, Node node) {
		boolean claimsInDoubt = node.slots().stream().anyMatch((slot) -> slot != null && slot.doing() == Doing.DOUBTS);
		List<Integer> identities = identitiesOf(node);
		boolean missing = identities.stream().anyMatch((id) -> state.workers().get(id) == Row.ABSENT);
		boolean over = identities.stream().anyMatch((id) -> state.workers().get(id) == Row.OVER);
		if (missing && claimsInDoubt || !missing && !over && node.believes() && !node.late()) {
			return;
		}
		ProtocolState next = state;
		Node renewed = node;
		for (int id : identities) {
			// It may have been freed where the row is gone, or the lease had ended: a
			// claim that
			// arrived late may have had the identity adopted since.
			boolean lost = state.workers().get(id) == Row.ABSENT || !node.believes() && has(Guard.TENURE_OF_LEASE);
			for (int i = 0; i < this.size.slots() && lost && has(Guard.TENURE); i++) {
				Slot slot = node.slots().get(i);
				if (slot != null && slot.worker() == id && slot.doing() == Doing.HOLDS) {
					renewed = renewed.slot(i, slot.then(Doing.GIVES_BACK));
				}
			}
			next = next.worker(id, Row.LEASED);
		}
		step(name(number) + " renews its lease", next.node(number, renewed.renewed(node.id())));
	}

	private static List<Integer> identitiesOf(Node node) {
		List<Integer> identities = new ArrayList<>();
		if (node.id() >= 0) {
			identities.add(node.id());
		}
		for (Slot slot : node.slots()) {
			if (slot != null && slot.doing() != Doing.DOUBTS && !identities.contains(slot.worker())) {
				identities.add(slot.worker());
			}
		}
		return identities;
	}

	private void slotActs(ProtocolState state, int number, int index) {
		Slot slot = state.nodes().get(number).slots().get(index);
		if (slot == null) {
			claim(state, number, index);
			return;
		}
		Node node = state.nodes().get(number);
		switch (slot.doing()) {
			case DOUBTS -> settleDoubt(state, number, index, slot);
			case HOLDS -> start(state, number, index, slot);
			case RUNS -> {
				step(name(number) + "'s body returns", state.node(number, node.slot(index, slot.then(Doing.COMMITS))));
				step(name(number) + "'s body fails", state.node(number, node.slot(index, slot.then(Doing.FAILS))));
			}
			default -> settle(state, number, index, slot);
		}
	}

	private void claim(ProtocolState state, int number, int index) {
		Node node = state.nodes().get(number);
		int claim = freshClaim(state, node.id());
		boolean doubts = node.slots().stream().anyMatch((slot) -> slot != null && slot.doing() == Doing.DOUBTS);
		if (!node.believes() || claim < 0 || doubts || !state.up()) {
			return;
		}
		for (int job = 0; job < this.size.jobs(); job++) {
			if (state.jobs().get(job).at() == At.READY) {
				claim(state, number, index, job, claim);
			}
		}
		if (allows(Fault.NETWORK) && state.wire().size() < MOST_MESSAGES) {
			step(name(number) + "'s claim is delayed, and it hears of a failure",
					state.sent(new Message(Doing.HOLDS, -1, node.id(), claim))
						.node(number, node.slot(index, new Slot(Doing.DOUBTS, -1, node.id(), claim))));
		}
	}

	private void claim(ProtocolState state, int number, int index, int job, int claim) {
		Node node = state.nodes().get(number);
		ProtocolState claimed = claimed(state, job, node.id(), claim);
		if (claimed.jobs().get(job).at() != At.RUNNING) {
			step(name(number) + " claims job " + job + ", which has to wait", claimed);
			return;
		}
		boolean older = node.slots().stream().anyMatch((slot) -> slot != null && slot.job() == job);
		Doing next = older ? Doing.GIVES_BACK : Doing.HOLDS;
		step(name(number) + " claims job " + job,
				claimed.node(number, node.slot(index, new Slot(next, job, node.id(), claim))));
		if (allows(Fault.NETWORK)) {
			step(name(number) + " claims job " + job + ", and the reply is lost",
					claimed.node(number, node.slot(index, new Slot(Doing.DOUBTS, -1, node.id(), claim))));
		}
	}

	private static ProtocolState claimed(ProtocolState state, int job, int worker, int claim) {
		Job row = state.jobs().get(job);
		if (state.permits() >= PERMITS) {
			return state.job(job, row.free(At.WAITS_FOR_KEY, 0));
		}
		return state.permits(state.permits() + 1).job(job, row.held(worker, claim));
	}

	// What the claim holds is freed. Should it arrive only later, the identity that it
	// names
	// has to be one that nobody renews.
	private void settleDoubt(ProtocolState state, int number, int index, Slot slot) {
		Node node = state.nodes().get(number);
		int fresh = has(Guard.ROTATION) ? freshIdentity(state) : node.id();
		if (!state.up() || fresh < 0) {
			return;
		}
		ProtocolState next = state;
		if (fresh != node.id()) {
			next = next.worker(fresh, Row.LEASED);
		}
		for (int job = 0; job < this.size.jobs(); job++) {
			if (isHeldBy(next, job, slot)) {
				next = freed(next, job, At.READY, 0);
			}
		}
		// The lease of the earlier identity, by which it may hold other jobs, is not
		// renewed.
		Node free = node.slot(index, null);
		boolean idle = free.slots().stream().allMatch(Objects::isNull);
		step(name(number) + " frees what claim " + slot.claim() + " may hold, and goes on as " + fresh, next.node(
				number,
				idle ? free.renewed(fresh) : new Node(free.mode(), fresh, free.believes(), free.late(), free.slots())));
	}

	private void start(ProtocolState state, int number, int index, Slot slot) {
		Node node = state.nodes().get(number);
		if (node.believes()) {
			boolean own = isHeldBy(state, slot.job(), slot);
			step(name(number) + " starts job " + slot.job(),
					state.node(number, node.slot(index, slot.then(Doing.RUNS))),
					(own || node.late()) ? null : "a body starts that its claim does not hold any more");
		}
		else {
			step(name(number) + " gives job " + slot.job() + " back, which it may have lost",
					state.node(number, node.slot(index, slot.then(Doing.GIVES_BACK))));
		}
	}

	private void settle(ProtocolState state, int number, int index, Slot slot) {
		Node node = state.nodes().get(number);
		if (!state.up()) {
			return;
		}
		Message message = new Message(slot.doing(), slot.job(), slot.worker(), slot.claim());
		Written written = write(state, message);
		String what = name(number) + " settles job " + slot.job() + " as " + slot.doing();
		step(what, written.state().node(number, node.slot(index, null)), written.broken());
		if (!allows(Fault.NETWORK)) {
			return;
		}
		// After a commit whose reply was lost it tries to write a failure.
		Doing then = (slot.doing() == Doing.COMMITS) ? Doing.FAILS : slot.doing();
		step(what + ", and the reply is lost", written.state().node(number, node.slot(index, slot.then(then))),
				written.broken());
		if (state.wire().size() < MOST_MESSAGES) {
			step(what + ", which is delayed, and it hears of a failure",
					state.sent(message).node(number, node.slot(index, slot.then(then))));
		}
	}

	private Written write(ProtocolState state, Message message) {
		Job job = state.jobs().get(message.job());
		boolean own = job.at() == At.RUNNING && job.worker() == message.worker() && job.claim() == message.claim();
		if (!own && !passesFence(job, message)) {
			// The permit was given back before it was known that nothing is held.
			return new Written(has(Guard.COUNT_RESTORED) ? state : state.permits(state.permits() - 1), null);
		}
		String broken = own ? null : "a claim of job " + message.job() + " ends in the name of another";
		return new Written(switch (message.doing()) {
			case COMMITS -> ended(state, message.job());
			default -> freed(state, message.job(), At.READY, 0);
		}, broken);
	}

	private boolean passesFence(Job job, Message message) {
		if (job.at() != At.RUNNING) {
			return false;
		}
		return !has(Guard.FENCE) || !has(Guard.CLAIM_IN_FENCE) && job.worker() == message.worker();
	}

	private ProtocolState ended(ProtocolState state, int job) {
		return wakeUp(state.permits(state.permits() - 1).job(job, state.jobs().get(job).done(1)));
	}

	private ProtocolState freed(ProtocolState state, int job, At at, int crash) {
		return wakeUp(state.permits(state.permits() - 1).job(job, state.jobs().get(job).free(at, crash)));
	}

	private ProtocolState wakeUp(ProtocolState state) {
		for (int job = 0; job < this.size.jobs() && has(Guard.WAKE_UP); job++) {
			if (state.jobs().get(job).at() == At.WAITS_FOR_KEY) {
				return state.job(job, state.jobs().get(job).free(At.READY, 0));
			}
		}
		return state;
	}

	private void databaseActs(ProtocolState state) {
		for (int worker = 0; worker < this.size.identities(); worker++) {
			expire(state, worker);
			if (state.up()) {
				recover(state, worker);
				adopt(state, worker);
			}
		}
		if (!state.up()) {
			step("the database is back", state.database(true, false));
			return;
		}
		if (allows(Fault.OUTAGE)) {
			step("the database goes away", state.database(false, false));
		}
		if (!state.pulse() && haveAllRenewed(state)) {
			step("heartbeats have come for a lease", state.database(true, true));
		}
		for (Message message : state.wire()) {
			arrive(state, message);
		}
	}

	private void arrive(ProtocolState state, Message message) {
		ProtocolState next = state.arrived(message);
		step("what was sent is lost: " + message, next);
		if (message.doing() != Doing.HOLDS) {
			Written written = write(next, message);
			step("late: " + message, written.state(), written.broken());
			return;
		}
		for (int job = 0; job < this.size.jobs(); job++) {
			if (next.jobs().get(job).at() == At.READY) {
				step("late: the claim of job " + job + " by " + message.worker() + "," + message.claim(),
						claimed(next, job, message.worker(), message.claim()));
			}
		}
	}

	// Nobody renews it: its node stands still, is gone, has another identity by now, or
	// cannot reach the database.
	private void expire(ProtocolState state, int worker) {
		boolean renewed = state.up() && state.nodes()
			.stream()
			.anyMatch((node) -> node.mode() == Mode.UP && identitiesOf(node).contains(worker) && !node.late());
		if (state.workers().get(worker) != Row.LEASED || renewed) {
			return;
		}
		ProtocolState next = state.worker(worker, Row.OVER);
		for (int number = 0; number < this.size.nodes() && has(Guard.OWN_DEADLINE); number++) {
			Node node = next.nodes().get(number);
			if (identitiesOf(node).contains(worker)) {
				next = next.node(number, node.believes(false));
			}
		}
		step("the lease of " + worker + " ends", next);
	}

	private void recover(ProtocolState state, int worker) {
		Row row = state.workers().get(worker);
		boolean due = row == Row.OVER || row == Row.LEASED && !has(Guard.LEASE);
		boolean mayBe = state.pulse() || !has(Guard.PULSE);
		if (!due || !mayBe || state.nodes().stream().noneMatch((node) -> node.mode() == Mode.UP)) {
			return;
		}
		ProtocolState next = state.worker(worker, Row.ABSENT);
		for (int job = 0; job < this.size.jobs(); job++) {
			Job held = next.jobs().get(job);
			if (held.at() == At.RUNNING && held.worker() == worker) {
				At at = (held.crashes() + 1 >= CRASH_LIMIT) ? At.DEAD : At.READY;
				next = freed(next, job, at, 1);
				next = has(Guard.PERMITS_OF_THE_DEAD) ? next : next.permits(next.permits() + 1);
			}
		}
		boolean lives = state.nodes()
			.stream()
			.anyMatch((node) -> node.mode() == Mode.UP && identitiesOf(node).contains(worker) && !node.late());
		step("the jobs of " + worker + " are recovered", next,
				lives ? "jobs are taken from a node that lives and could renew its lease" : null);
	}

	private void adopt(ProtocolState state, int worker) {
		boolean named = state.jobs().stream().anyMatch((job) -> job.at() == At.RUNNING && job.worker() == worker);
		if (has(Guard.ADOPTION) && named && state.workers().get(worker) == Row.ABSENT) {
			step("worker " + worker + " is adopted", state.worker(worker, Row.LEASED));
		}
	}

	private static boolean haveAllRenewed(ProtocolState state) {
		return state.nodes()
			.stream()
			.allMatch((node) -> node.mode() != Mode.UP
					|| identitiesOf(node).stream().allMatch((id) -> state.workers().get(id) != Row.OVER));
	}

	private static boolean isHeldBy(ProtocolState state, int job, Slot slot) {
		Job row = state.jobs().get(job);
		return row.at() == At.RUNNING && row.worker() == slot.worker() && row.claim() == slot.claim();
	}

	// Drawn at random in truth. Here one that nothing names is as good.
	private int freshIdentity(ProtocolState state) {
		for (int id = 0; id < this.size.identities(); id++) {
			if (state.workers().get(id) == Row.ABSENT && !isNamed(state, id, -1)) {
				return id;
			}
		}
		return -1;
	}

	private int freshClaim(ProtocolState state, int worker) {
		for (int claim = 1; claim <= this.size.claims(); claim++) {
			if (!isNamed(state, worker, claim)) {
				return claim;
			}
		}
		return -1;
	}

	private static boolean isNamed(ProtocolState state, int worker, int claim) {
		boolean any = claim < 0;
		return any && state.nodes().stream().anyMatch((node) -> node.id() == worker) || state.jobs()
			.stream()
			.anyMatch((job) -> job.at() == At.RUNNING && job.worker() == worker && (any || job.claim() == claim))
				|| state.wire().stream().anyMatch((one) -> one.worker() == worker && (any || one.claim() == claim))
				|| state.nodes()
					.stream()
					.flatMap((node) -> node.slots().stream())
					.anyMatch((slot) -> slot != null && slot.worker() == worker && (any || slot.claim() == claim));
	}

	private void step(String action, ProtocolState state) {
		step(action, state, null);
	}

	private void step(String action, ProtocolState state, @Nullable String broken) {
		this.steps
			.add(new Explorer.Step<>(action, ProtocolNames.renew(state), (broken != null) ? broken : brokenIn(state)));
	}

	private static @Nullable String brokenIn(ProtocolState state) {
		if (state.jobs().stream().anyMatch((job) -> job.effects() > 1)) {
			return "a job has two effects";
		}
		if (state.permits() != state.running()) {
			return "permits were lost or doubled: " + state.permits() + " are counted, " + state.running()
					+ " are held";
		}
		return null;
	}

	private boolean has(Guard guard) {
		return !this.missing.contains(guard);
	}

	private boolean allows(Fault fault) {
		return this.size.faults().contains(fault);
	}

	private static String name(int number) {
		return "node " + number;
	}

	/**
	 * What a statement has done.
	 *
	 * @param state the state then
	 * @param broken what must not be
	 */
	private record Written(ProtocolState state, @Nullable String broken) {
	}

}
