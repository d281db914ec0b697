package io.jobstarter.faults.oracle;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.ToLongFunction;
import java.util.stream.Stream;

import io.jobstarter.faults.oracle.Evidence.DeadLetterRow;
import io.jobstarter.faults.oracle.Evidence.EffectRow;
import io.jobstarter.faults.oracle.Evidence.Ending;
import io.jobstarter.faults.oracle.Evidence.Failure;
import io.jobstarter.faults.oracle.Evidence.Postponement;
import io.jobstarter.faults.oracle.Evidence.Start;
import io.jobstarter.faults.oracle.Evidence.Unfinished;

/**
 * The facts of a run, sorted by jobs.
 */
final class CaseFile {

	private final RunFacts run;

	private final Map<Integer, Set<Long>> idsByNumber = new TreeMap<>();

	private final Map<Long, List<Ending>> endings;

	private final Map<Long, List<Failure>> failures;

	private final Map<Long, List<Start>> starts;

	private final Map<Long, List<DeadLetterRow>> deadLetters;

	private final Map<Long, List<Unfinished>> unfinished;

	private final Map<Long, List<EffectRow>> effects;

	private final Map<Long, List<Postponement>> postponements;

	private final Map<Integer, List<NodeEnd>> ends = new HashMap<>();

	private final Map<Integer, JobFacts> jobs = new LinkedHashMap<>();

	CaseFile(RunFacts run) {
		Evidence evidence = run.evidence();
		this.run = run;
		this.endings = byId(evidence.endings(), Ending::jobId);
		this.failures = byId(evidence.failures(), Failure::jobId);
		this.starts = byId(evidence.starts(), Start::jobId);
		this.deadLetters = byId(evidence.deadLetters(), DeadLetterRow::jobId);
		this.unfinished = byId(evidence.unfinished(), Unfinished::jobId);
		this.effects = byId(evidence.effects(), EffectRow::jobId);
		this.postponements = byId(evidence.postponements(), Postponement::jobId);
		collectIds(evidence);
		collectEnds();
		this.idsByNumber.forEach((number, ids) -> this.jobs.put(number, facts(number, ids)));
	}

	Collection<JobFacts> jobs() {
		return this.jobs.values();
	}

	JobFacts job(int number) {
		return Objects.requireNonNull(this.jobs.get(number));
	}

	/**
	 * Finds what the history holds of jobs that never started and that nobody enqueued.
	 * @return the entries
	 */
	List<Ending> unexplainedEndings() {
		Set<Long> known = new TreeSet<>();
		this.idsByNumber.values().forEach(known::addAll);
		return this.run.evidence().endings().stream().filter((ending) -> !known.contains(ending.jobId())).toList();
	}

	private void collectIds(Evidence evidence) {
		this.run.plan().expected().keySet().forEach(this::idsOf);
		this.run.committed().forEach((number, note) -> idsOf(number).add(note.jobId()));
		evidence.starts().forEach((start) -> idsOf(start.number()).add(start.jobId()));
		evidence.effects().forEach((effect) -> idsOf(effect.number()).add(effect.jobId()));
		evidence.deadLetters().forEach((letter) -> idsOf(letter.number()).add(letter.jobId()));
		evidence.unfinished().forEach((job) -> idsOf(job.number()).add(job.jobId()));
	}

	private Set<Long> idsOf(int number) {
		return this.idsByNumber.computeIfAbsent(number, (absent) -> new TreeSet<>());
	}

	private void collectEnds() {
		for (NodeEnd end : this.run.ends()) {
			end.held().forEach((number) -> this.ends.computeIfAbsent(number, (absent) -> new ArrayList<>()).add(end));
		}
		this.ends.values().forEach((list) -> list.sort(Comparator.comparing(NodeEnd::at)));
	}

	private JobFacts facts(int number, Set<Long> ids) {
		List<Start> startsOfAll = new ArrayList<>(of(ids, this.starts));
		startsOfAll.sort(Comparator.comparing(Start::at));
		List<Failure> failuresOfAll = of(ids, this.failures);
		long disturbed = Stream.concat(startsOfAll.stream().map(Start::at), failuresOfAll.stream().map(Failure::at))
			.filter(this.run::isDisturbed)
			.count();
		return new JobFacts(number, this.run.plan().expected().get(number), ids, startsOfAll, of(ids, this.effects),
				of(ids, this.postponements), of(ids, this.endings), failuresOfAll, of(ids, this.deadLetters),
				of(ids, this.unfinished), this.ends.getOrDefault(number, List.of()), (int) disturbed);
	}

	private static <T> List<T> of(Set<Long> ids, Map<Long, List<T>> rows) {
		return ids.stream().flatMap((id) -> rows.getOrDefault(id, List.of()).stream()).toList();
	}

	private static <T> Map<Long, List<T>> byId(List<T> rows, ToLongFunction<T> id) {
		Map<Long, List<T>> byId = new HashMap<>();
		rows.forEach((row) -> byId.computeIfAbsent(id.applyAsLong(row), (absent) -> new ArrayList<>()).add(row));
		return byId;
	}

}
