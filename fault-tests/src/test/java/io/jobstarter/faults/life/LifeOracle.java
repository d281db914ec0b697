package io.jobstarter.faults.life;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

import io.jobstarter.faults.life.Act.Kind;
import org.jspecify.annotations.Nullable;

/**
 * Judges a run.
 */
final class LifeOracle {

	private static final Pattern JOB = Pattern.compile("job (\\d+)");

	private static final Pattern ACT = Pattern.compile("act (\\d+)\\.");

	private static final String CHILD = "of:";

	private final LifeFacts facts;

	private final Map<Long, JobLife> lives = new TreeMap<>();

	private final Map<Long, List<Body>> bodies;

	private final Workers workers;

	private final List<String> broken = new ArrayList<>();

	LifeOracle(LifeFacts facts) {
		this.facts = facts;
		this.workers = new Workers(facts.lines());
		this.bodies = facts.bodies().stream().collect(Collectors.groupingBy(Body::job));
		Map<Long, List<Line>> byJob = new HashMap<>();
		for (Line line : facts.lines()) {
			if (!line.isOf("worker") && !line.isOf("key")) {
				byJob.computeIfAbsent(line.row(), (job) -> new ArrayList<>()).add(line);
			}
		}
		byJob.forEach((job, lines) -> this.lives.put(job, new JobLife(job, lines)));
		judge();
	}

	private void judge() {
		this.broken.addAll(this.facts.left());
		this.broken.addAll(this.workers.broken());
		judgeNodes();
		this.facts.lines()
			.stream()
			.filter((line) -> line.isOf("key"))
			.forEach((line) -> this.broken.add("permits were lost or doubled: " + line));
		for (JobLife life : this.lives.values()) {
			List<Body> ofJob = bodiesOf(life.id());
			this.broken.addAll(Arrows.brokenBy(life, this.workers));
			this.broken.addAll(Claims.brokenBy(life, this.workers, ofJob));
			judgeEffects(life);
			judgeChildren(life);
			judgeLetter(life);
			judgeReasons(life);
		}
		this.broken.addAll(Answers.brokenBy(this.facts.acts(), this.lives));
		judgeOrigins();
	}

	// Bodies are told apart by the names of their nodes.
	private void judgeNodes() {
		Set<String> known = this.workers.nodes();
		this.facts.bodies()
			.stream()
			.map(Body::node)
			.distinct()
			.filter((node) -> !known.contains(node))
			.forEach((node) -> this.broken.add("bodies ran on " + node + ", and the workers were on " + known));
	}

	private List<Body> bodiesOf(long job) {
		return this.bodies.getOrDefault(job, List.of());
	}

	// One effect of what succeeded, and none of what did not.
	private void judgeEffects(JobLife life) {
		boolean has = life.insert().image().text("name").contains("effect");
		int effects = this.facts.effects().getOrDefault(life.id(), 0);
		int due = (has && succeeded(life)) ? 1 : 0;
		check(effects == due, life, effects + " effects, not " + due);
	}

	private static boolean succeeded(JobLife life) {
		return life.steps().stream().anyMatch((step) -> step.to() == Stage.SUCCEEDED);
	}

	private void judgeChildren(JobLife life) {
		Set<Long> children = childrenOf(life.id());
		if (life.insert().image().text("name").contains("effect")) {
			@Nullable Body success = Claims.successOf(life, this.workers, bodiesOf(life.id()));
			Set<Long> due = (success != null) ? Set.copyOf(success.children()) : Set.of();
			check(children.equals(due), life, "it enqueued " + children + ", not " + due);
			return;
		}
		Set<Long> told = new HashSet<>();
		int asked = 0;
		for (Body body : bodiesOf(life.id())) {
			told.addAll(body.children());
			asked += body.asked();
		}
		check(children.containsAll(told), life, "of " + told + ", which it enqueued, there are only " + children);
		check(children.size() <= asked, life, "it asked for " + asked + " jobs, and there are " + children);
	}

	private Set<Long> childrenOf(long job) {
		String tag = "," + CHILD + job + ",";
		return this.lives.values()
			.stream()
			.filter((life) -> life.wasThere() && life.insert().image().text("tags").contains(tag))
			.filter((life) -> !isRedriven(life))
			.map(JobLife::id)
			.collect(Collectors.toSet());
	}

	private static boolean isRedriven(JobLife life) {
		return life.insert().image().text("headers").contains("background-jobs-redrive-of");
	}

	// A letter that was redriven became a job that is there, with its unique key.
	private void judgeLetter(JobLife life) {
		@Nullable Line letter = life.letter();
		if (letter == null || !letter.image().has("retried_as")) {
			return;
		}
		JobLife job = this.lives.get(letter.image().number("retried_as"));
		if (job == null || !job.wasThere()) {
			check(false, life, "its letter names a job that never was");
			return;
		}
		boolean joined = letter.image().text("resolved_reason").contains("takes its place");
		check(joined || job.insert().tx() == letter.tx(), life, "its letter names a job of another transaction");
		Image first = life.insert().image();
		if (first.has("unique_key")) {
			boolean holds = job.lines("job")
				.stream()
				.filter((line) -> line.id() < letter.id())
				.anyMatch((line) -> line.image().text("unique_key").equals(first.text("unique_key")));
			check(holds, life, "job " + job.id() + ", which took its place, does not hold its unique key");
		}
	}

	// What is written in the name of an act was done by it.
	private void judgeReasons(JobLife life) {
		Map<Integer, Act> acts = acts();
		for (Line line : life.lines()) {
			Matcher act = ACT.matcher(line.image().text("reason") + line.image().text("resolved_reason"));
			if (act.find()) {
				Act done = acts.get(Integer.valueOf(act.group(1)));
				check(done != null && done.committed() && done.error() == null
						&& (done.jobs().contains(life.id()) || done.kind() == Kind.OTHER), life,
						"somebody did it who was told otherwise: " + done);
			}
		}
	}

	private @Nullable Map<Integer, Act> actsByNumber;

	private Map<Integer, Act> acts() {
		Map<Integer, Act> acts = this.actsByNumber;
		if (acts == null) {
			acts = this.facts.acts().stream().collect(Collectors.toMap(Act::number, (act) -> act));
			this.actsByNumber = acts;
		}
		return acts;
	}

	// Nobody but callers, bodies and redrives makes jobs.
	private void judgeOrigins() {
		Set<Long> explained = new HashSet<>();
		this.facts.acts()
			.forEach((act) -> Operator.enqueuedBy(act.answer()).forEach((one) -> explained.add(one.id().value())));
		this.lives.values().forEach((life) -> {
			@Nullable Line letter = life.letter();
			if (letter != null) {
				explained.add(letter.image().number("retried_as"));
			}
		});
		for (JobLife life : this.lives.values()) {
			boolean child = life.wasThere() && life.insert().image().text("tags").contains(CHILD);
			check(life.wasThere() && (child || explained.contains(life.id())), life, "nobody asked for it");
		}
	}

	private void check(boolean holds, JobLife life, String otherwise) {
		if (!holds) {
			this.broken.add("job " + life.id() + ": " + otherwise);
		}
	}

	/**
	 * What the run showed that must not be.
	 * @return a sentence each
	 */
	List<String> broken() {
		return this.broken;
	}

	/**
	 * Tells what happened to the jobs that broke a rule.
	 * @param most of how many jobs at most
	 * @return their timelines
	 */
	String timelines(int most) {
		return this.broken.stream()
			.map(JOB::matcher)
			.filter(Matcher::find)
			.map((job) -> Long.valueOf(job.group(1)))
			.distinct()
			.limit(most)
			.map(this::timeline)
			.collect(Collectors.joining("\n"));
	}

	private String timeline(long job) {
		JobLife life = this.lives.getOrDefault(job, new JobLife(job, List.of()));
		String acts = this.facts.acts()
			.stream()
			.filter((act) -> act.jobs().contains(job)
					|| Operator.enqueuedBy(act.answer()).anyMatch((one) -> one.id().value() == job))
			.map((act) -> "  " + act + " seen " + act.before().next() + " to " + act.after().next() + "\n")
			.collect(Collectors.joining());
		String ran = bodiesOf(job).stream().map((body) -> "  " + body + "\n").collect(Collectors.joining());
		return "job " + job + "\n" + life + ran + acts;
	}

	/**
	 * Says in a few lines what the run was like.
	 * @return the summary
	 */
	String summary() {
		Map<Stage, Integer> ends = new EnumMap<>(Stage.class);
		Map<String, Integer> arrows = new TreeMap<>();
		this.lives.values().forEach((life) -> life.steps().forEach((step) -> {
			arrows.merge(step.from() + " -> " + step.to(), 1, Integer::sum);
			if (step.to() != null && step.to().isFinal()) {
				ends.merge(step.to(), 1, Integer::sum);
			}
		}));
		Map<String, Long> errors = this.facts.acts()
			.stream()
			.filter((act) -> act.error() != null)
			.collect(Collectors.groupingBy((act) -> Objects.requireNonNull(act.error()).getClass().getSimpleName(),
					TreeMap::new, Collectors.counting()));
		Map<Kind, Long> kinds = this.facts.acts()
			.stream()
			.collect(Collectors.groupingBy(Act::kind, TreeMap::new, Collectors.counting()));
		return this.lives.size() + " jobs " + ends + ", " + this.facts.bodies().size() + " bodies, "
				+ this.facts.lines().size() + " changes, " + this.facts.acts().size() + " acts " + kinds + ", refusals "
				+ errors + ", nodes " + this.workers.nodes() + ", recoveries " + this.workers.recovered() + ", strikes "
				+ this.facts.strikes() + "\n  arrows " + arrows;
	}

}
