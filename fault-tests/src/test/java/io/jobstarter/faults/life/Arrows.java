package io.jobstarter.faults.life;

import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

import org.jspecify.annotations.Nullable;

/**
 * The arrows that a job may take, and what each may change: the model that every step in
 * the journal is held against.
 */
final class Arrows {

	private static final Set<Stage> WAITING = EnumSet.of(Stage.READY, Stage.SCHEDULED, Stage.PARKED, Stage.KEYED);

	private static final List<String> NEVER_CHANGED = List.of("id", "name", "queue", "priority", "created_at", "tags",
			"limits", "order_key");

	private static final List<String> COUNTED_UP = List.of("attempt", "crashes", "duplicates");

	private final Workers workers;

	private final JobLife life;

	private final List<String> broken = new ArrayList<>();

	private final Set<Image.Fence> fences = new HashSet<>();

	private final Map<Long, Long> lastClaims = new HashMap<>();

	private @Nullable Line claimedBy;

	private Arrows(JobLife life, Workers workers) {
		this.life = life;
		this.workers = workers;
	}

	/**
	 * Says what a job did that it may not do.
	 * @param life the job
	 * @param workers the workers
	 * @return a sentence each
	 */
	static List<String> brokenBy(JobLife life, Workers workers) {
		Arrows arrows = new Arrows(life, workers);
		life.steps().forEach(arrows::judge);
		arrows.judgeEnd();
		return arrows.broken;
	}

	private void judge(Step step) {
		if (step.from() == null || step.before() == null) {
			judgeFirst(step);
		}
		else if (step.to() == null) {
			broken(step, "its row went, and nothing says where to");
		}
		else if (step.to().isFinal()) {
			judgeLast(step);
		}
		else {
			judgeChange(step);
		}
	}

	private void judgeFirst(Step step) {
		check(step, step.line().isInsert() && this.life.insert() == step.line(), "it came back from its end");
		check(step, step.to() == Stage.READY || step.to() == Stage.SCHEDULED, "it begins as " + step.to());
		check(step, COUNTED_UP.stream().allMatch((column) -> step.image().number(column) == 0),
				"it begins with counts");
		if (step.to() == Stage.READY) {
			checkDue(step);
		}
	}

	private void judgeChange(Step step) {
		for (String column : NEVER_CHANGED) {
			check(step, step.old().text(column).equals(step.image().text(column)), column + " has changed");
		}
		for (String column : COUNTED_UP) {
			check(step, step.image().number(column) >= step.old().number(column), column + " went back");
		}
		check(step, (step.to() == Stage.RUNNING) == step.image().has("worker"), "somebody holds it while it waits");
		if (step.from() != Stage.RUNNING) {
			check(step, step.image().number("attempt") == step.old().number("attempt"), "an attempt without a body");
			check(step, step.image().number("crashes") == step.old().number("crashes"), "a crash without a body");
		}
		switch (Objects.requireNonNull(step.to())) {
			case READY -> becomesReady(step);
			case RUNNING -> runs(step);
			case SCHEDULED -> becomesScheduled(step);
			case PARKED -> isParked(step);
			case KEYED -> waitsForKey(step);
			default -> throw new IllegalStateException(step.toString());
		}
	}

	private void becomesReady(Step step) {
		checkDue(step);
		check(step, step.image().number("seq") >= step.old().number("seq"), "its place went back");
		check(step, step.from() == Stage.READY || step.image().number("seq") > step.old().number("seq"),
				"it came to READY without a new place");
		if (step.from() != Stage.RUNNING) {
			return;
		}
		check(step, step.image().flag("front"), "it was given back, but not to the front");
		check(step, step.image().number("attempt") == step.old().number("attempt"),
				"it was given back with an attempt");
		check(step, step.old().flag("cancel_requested") || !step.image().flag("cancel_requested"), "it was cancelled");
		long crashes = step.image().number("crashes") - step.old().number("crashes");
		boolean recovered = this.workers.isRecovered(step.old().fence().worker(), step.line().tx());
		check(step, crashes == 0 || crashes == 1 && recovered, "a crash of a worker that nobody declared dead");
		check(step, !step.old().flag("cancel_requested"), "it may run again although it was to be cancelled");
	}

	private void runs(Step step) {
		Image.Fence fence = step.image().fence();
		check(step, step.image().number("attempt") == step.old().number("attempt"), "an attempt before its end");
		check(step, step.image().number("crashes") == step.old().number("crashes"), "a crash before its end");
		if (step.from() == Stage.RUNNING) {
			check(step, fence.equals(step.old().fence()), "somebody else took it from " + step.old().fence());
			return;
		}
		check(step, step.from() == Stage.READY || step.from() == Stage.PARKED, "it was claimed as " + step.from());
		check(step, step.image().number("seq") == step.old().number("seq"), "a claim moved it");
		check(step, this.fences.add(fence), "the same claim held it before");
		Long last = this.lastClaims.put(fence.worker(), fence.claim());
		check(step, last == null || last < fence.claim(), "the claims of its worker went back");
		check(step, this.workers.isKnown(fence.worker()), "nobody knows its worker");
		checkDue(step);
		this.claimedBy = step.line();
	}

	private void becomesScheduled(Step step) {
		check(step, WAITING.contains(step.from()) || step.from() == Stage.RUNNING, "it was put off as " + step.from());
		if (step.from() != Stage.RUNNING) {
			return;
		}
		long failed = step.image().number("attempt") - step.old().number("attempt");
		check(step, failed == 0 || failed == 1, failed + " attempts at once");
		check(step, failed == 0 || this.life.failedIn(step.line().tx(), step.image().number("attempt")),
				"an attempt was counted whose failure is not recorded");
		check(step, !step.old().flag("cancel_requested"), "it may run again although it was to be cancelled");
	}

	private void isParked(Step step) {
		check(step, step.from() == Stage.RUNNING || step.from() == Stage.PARKED, "it was parked as " + step.from());
		check(step, step.image().text("blocked_by").startsWith("circuit:"), "nothing says what it waits for");
		check(step, step.image().number("seq") == step.old().number("seq"), "it lost its place");
		check(step, !step.old().flag("cancel_requested"), "it may run again although it was to be cancelled");
	}

	private void waitsForKey(Step step) {
		check(step, step.from() == Stage.KEYED
				|| step.from() == Stage.RUNNING && this.claimedBy != null && this.claimedBy.tx() == step.line().tx(),
				"it waits for a key after it was claimed");
		check(step, step.image().text("blocked_by").matches("(limit|order|rate):.+"), "nothing says what it waits for");
	}

	private void judgeLast(Step step) {
		Line end = Objects.requireNonNull(step.end());
		Image.Fence fence = step.old().fence();
		check(step, end.image().fence().equals(fence), "it ended in the name of " + end.image().fence());
		long failed = end.image().number("attempts") - step.old().number("attempt");
		check(step, failed == 0 || failed == 1 && this.life.failedIn(step.line().tx(), end.image().number("attempts")),
				"it ended with attempts that are not recorded");
		long crashes = end.image().number("crashes") - step.old().number("crashes");
		boolean recovered = this.workers.isRecovered(fence.worker(), step.line().tx());
		check(step, crashes == 0 || crashes == 1 && recovered, "a crash of a worker that nobody declared dead");
		switch (Objects.requireNonNull(step.to())) {
			case SUCCEEDED -> check(step, step.from() == Stage.RUNNING && failed == 0, "it succeeded without a body");
			case DEAD -> dies(step, end, crashes);
			default -> {
				// A waiting one by an operator, a running one by its body or by recovery.
			}
		}
	}

	private void dies(Step step, Line letter, long crashes) {
		check(step, step.from() == Stage.RUNNING, "it died while it waited");
		boolean crash = letter.image().text("reason").equals("crash");
		check(step, crash == (crashes == 1), "its crashes are not why it died");
		check(step, !crash || letter.image().number("crashes") == 3, "it died of fewer than three crashes");
		check(step, letter.image().text("reason").matches("crash|exhausted"), "no reason to die");
	}

	private void judgeEnd() {
		List<Line> ends = this.life.lines()
			.stream()
			.filter((line) -> line.isInsert() && (line.isOf("history") || line.isOf("dead_letter")))
			.toList();
		List<Line> deletions = this.life.lines("job").stream().filter(Line::isDelete).toList();
		check(ends.size() == 1, ends.size() + " ends");
		check(deletions.size() == 1, "its row went " + deletions.size() + " times");
		check(this.life.lines("history").size() <= 1, "its history was changed");
		List<Line> letter = this.life.lines("dead_letter");
		long resolved = letter.stream()
			.filter((line) -> line.image().has("resolved_at"))
			.map(Line::image)
			.distinct()
			.count();
		check(resolved <= 1 || letter.stream().map((line) -> line.image().text("retried_as")).distinct().count() <= 2,
				"its letter was resolved more than once");
	}

	// Nothing is ready, and nobody claims it, before it is due.
	private void checkDue(Step step) {
		Instant due = step.image().time("due_at");
		check(step, !due.isAfter(step.line().at()), "it is due only at " + due);
	}

	private void check(Step step, boolean holds, String otherwise) {
		if (!holds) {
			broken(step, otherwise);
		}
	}

	private void check(boolean holds, String otherwise) {
		if (!holds) {
			this.broken.add("job " + this.life.id() + ": " + otherwise);
		}
	}

	private void broken(Step step, String what) {
		this.broken.add("job " + this.life.id() + ": " + what + ", at " + step.line().at() + ": " + step.from() + " -> "
				+ step.to());
	}

}
