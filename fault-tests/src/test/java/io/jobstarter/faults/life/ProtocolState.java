package io.jobstarter.faults.life;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

import org.jspecify.annotations.Nullable;

/**
 * One state of the model: the database, the nodes, and what is on its way between them.
 *
 * @param jobs the jobs' rows
 * @param workers the workers' rows, by id
 * @param permits how many jobs hold the key, by its row
 * @param up whether the database is there
 * @param pulse whether heartbeats have come for a lease without a gap
 * @param nodes the nodes
 * @param wire what was sent and has not arrived: its sender was told that it failed
 */
record ProtocolState(List<Job> jobs, List<Row> workers, int permits, boolean up, boolean pulse, List<Node> nodes,
		List<Message> wire) {

	/** Where a job stands. */
	enum At {

		READY, WAITS_FOR_KEY, RUNNING, DONE, DEAD

	}

	/** How a worker's row stands. */
	enum Row {

		/** There is none. */
		ABSENT,

		LEASED,

		/** Its lease may have ended. */
		OVER

	}

	/** How a node's process is. */
	enum Mode {

		UP,

		/** By SIGSTOP, say. */
		STOPPED,

		CRASHED

	}

	/** What a slot of a node is at. */
	enum Doing {

		/** A claim in doubt. */
		DOUBTS,

		/** A job that was claimed and has not started. */
		HOLDS,

		/** The body of a job. */
		RUNS,

		/** An effect and the end of its job, in one transaction. */
		COMMITS,

		/** A failure that is to be written. */
		FAILS,

		/** A job that is to be given back. */
		GIVES_BACK

	}

	/**
	 * A job.
	 *
	 * @param at where it stands
	 * @param worker who holds it
	 * @param claim by which claim
	 * @param crashes workers that died while they held it
	 * @param effects how many of its effects are committed
	 */
	record Job(At at, int worker, int claim, int crashes, int effects) {

		static final Job NEW = new Job(At.READY, 0, 0, 0, 0);

		Job held(int by, int claimed) {
			return new Job(At.RUNNING, by, claimed, this.crashes, this.effects);
		}

		Job free(At next, int crash) {
			return new Job(next, 0, 0, this.crashes + crash, this.effects);
		}

		Job done(int effect) {
			return new Job(At.DONE, 0, 0, 0, this.effects + effect);
		}

		boolean isOver() {
			return this.at == At.DONE || this.at == At.DEAD;
		}

	}

	/**
	 * A slot of a node that is in use.
	 *
	 * @param doing what it is at
	 * @param job the job, -1 if that is not known
	 * @param worker the identity that claimed it
	 * @param claim the claim
	 */
	record Slot(Doing doing, int job, int worker, int claim) {

		Slot then(Doing next) {
			return new Slot(next, this.job, this.worker, this.claim);
		}

	}

	/**
	 * A node.
	 *
	 * @param mode how its process is
	 * @param id its identity
	 * @param believes whether it believes that it has its lease
	 * @param late whether it stood still since it last renewed that
	 * @param slots its slots, {@code null} where they are free
	 */
	record Node(Mode mode, int id, boolean believes, boolean late, List<@Nullable Slot> slots) {

		Node mode(Mode next) {
			return new Node(next, this.id, this.believes, this.late || next != Mode.UP, this.slots);
		}

		Node renewed(int identity) {
			return new Node(this.mode, identity, true, false, this.slots);
		}

		Node believes(boolean leased) {
			return new Node(this.mode, this.id, leased, this.late, this.slots);
		}

		Node slot(int index, @Nullable Slot slot) {
			List<@Nullable Slot> next = new ArrayList<>(this.slots);
			next.set(index, slot);
			return new Node(this.mode, this.id, this.believes, this.late, next);
		}

	}

	/**
	 * A statement that arrives later, if at all.
	 *
	 * @param doing what it does: what {@link Doing#HOLDS} a job is a claim
	 * @param job the job, -1 for any
	 * @param worker who sent it
	 * @param claim by which claim
	 */
	record Message(Doing doing, int job, int worker, int claim) {
	}

	ProtocolState job(int index, Job job) {
		return new ProtocolState(with(this.jobs, index, job), this.workers, this.permits, this.up, this.pulse,
				this.nodes, this.wire);
	}

	ProtocolState worker(int id, Row row) {
		return new ProtocolState(this.jobs, with(this.workers, id, row), this.permits, this.up, this.pulse, this.nodes,
				this.wire);
	}

	ProtocolState permits(int count) {
		return new ProtocolState(this.jobs, this.workers, count, this.up, this.pulse, this.nodes, this.wire);
	}

	ProtocolState database(boolean isUp, boolean beats) {
		return new ProtocolState(this.jobs, this.workers, this.permits, isUp, beats, this.nodes, this.wire);
	}

	ProtocolState node(int index, Node node) {
		return new ProtocolState(this.jobs, this.workers, this.permits, this.up, this.pulse,
				with(this.nodes, index, node), this.wire);
	}

	ProtocolState sent(Message message) {
		List<Message> next = new ArrayList<>(this.wire);
		next.add(message);
		return new ProtocolState(this.jobs, this.workers, this.permits, this.up, this.pulse, this.nodes, next);
	}

	ProtocolState arrived(Message message) {
		List<Message> next = new ArrayList<>(this.wire);
		next.remove(message);
		return new ProtocolState(this.jobs, this.workers, this.permits, this.up, this.pulse, this.nodes, next);
	}

	private static <T> List<T> with(List<T> list, int index, T value) {
		List<T> next = new ArrayList<>(list);
		next.set(index, value);
		return next;
	}

	long running() {
		return this.jobs.stream().filter((job) -> job.at() == At.RUNNING).count();
	}

	boolean isOver() {
		return this.jobs.stream().allMatch(Job::isOver);
	}

	@Override
	public String toString() {
		return this.jobs.stream()
			.map((job) -> job.at() + ((job.at() == At.RUNNING) ? "(" + job.worker() + "," + job.claim() + ")" : "")
					+ ((job.effects() > 0) ? " effects=" + job.effects() : ""))
			.collect(Collectors.joining(" ")) + " rows " + this.workers + " permits " + this.permits
				+ (this.up ? "" : " no database") + (this.pulse ? "" : " no pulse") + " nodes "
				+ this.nodes.stream()
					.map((node) -> node.mode() + " as " + node.id() + (node.believes() ? "" : " without lease") + " "
							+ node.slots())
					.toList()
				+ (this.wire.isEmpty() ? "" : " on the wire " + this.wire);
	}

}
