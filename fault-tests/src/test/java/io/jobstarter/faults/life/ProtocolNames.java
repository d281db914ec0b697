package io.jobstarter.faults.life;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import io.jobstarter.faults.life.ProtocolState.At;
import io.jobstarter.faults.life.ProtocolState.Job;
import io.jobstarter.faults.life.ProtocolState.Message;
import io.jobstarter.faults.life.ProtocolState.Node;
import io.jobstarter.faults.life.ProtocolState.Row;
import io.jobstarter.faults.life.ProtocolState.Slot;
import org.jspecify.annotations.Nullable;

/**
 * Gives identities and claims new numbers, in the order in which they are met, and
 * forgets rows of workers that nothing names: which number somebody has drawn does not
 * matter. So in a trace the number of a worker may change from one state to the next.
 */
final class ProtocolNames {

	private final Map<Integer, Integer> workers = new HashMap<>();

	private final Map<Integer, Map<Integer, Integer>> claims = new HashMap<>();

	private ProtocolNames() {
	}

	static ProtocolState renew(ProtocolState state) {
		return new ProtocolNames().renamed(state);
	}

	private ProtocolState renamed(ProtocolState state) {
		List<Node> nodes = new ArrayList<>();
		for (Node node : state.nodes()) {
			int id = (node.id() < 0) ? node.id() : worker(node.id());
			nodes.add(new Node(node.mode(), id, node.believes(), node.late(), slots(node.slots())));
		}
		List<Job> jobs = state.jobs().stream().map(this::job).toList();
		List<Message> wire = state.wire()
			.stream()
			.map((one) -> new Message(one.doing(), one.job(), worker(one.worker()), claim(one.worker(), one.claim())))
			.toList();
		List<Row> rows = new ArrayList<>(Collections.nCopies(state.workers().size(), Row.ABSENT));
		this.workers.forEach((before, after) -> rows.set(after, state.workers().get(before)));
		return new ProtocolState(jobs, rows, state.permits(), state.up(), state.pulse(), nodes, wire);
	}

	private List<@Nullable Slot> slots(List<@Nullable Slot> slots) {
		List<@Nullable Slot> renamed = new ArrayList<>(slots.size());
		for (Slot slot : slots) {
			renamed.add((slot != null)
					? new Slot(slot.doing(), slot.job(), worker(slot.worker()), claim(slot.worker(), slot.claim()))
					: null);
		}
		return renamed;
	}

	private Job job(Job job) {
		return (job.at() != At.RUNNING) ? job : new Job(At.RUNNING, worker(job.worker()),
				claim(job.worker(), job.claim()), job.crashes(), job.effects());
	}

	private int worker(int before) {
		return this.workers.computeIfAbsent(before, (id) -> this.workers.size());
	}

	private int claim(int worker, int before) {
		Map<Integer, Integer> ofWorker = this.claims.computeIfAbsent(worker, (id) -> new HashMap<>());
		return ofWorker.computeIfAbsent(before, (claim) -> ofWorker.size() + 1);
	}

}
