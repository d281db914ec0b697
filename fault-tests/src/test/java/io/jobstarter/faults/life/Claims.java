package io.jobstarter.faults.life;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

import org.jspecify.annotations.Nullable;

/**
 * Holds what bodies did against what was written of them: each claim has one body at
 * most, each body had a claim, and a claim ends as its own body did, and not before it,
 * unless recovery took the job from a worker that was declared dead.
 */
final class Claims {

	/** Two clocks of one machine. */
	private static final Duration TOLERANCE = Duration.ofMillis(5);

	private final JobLife life;

	private final Workers workers;

	private final Map<Step, Body> bodies = new HashMap<>();

	private final List<String> broken = new ArrayList<>();

	private Claims(JobLife life, Workers workers) {
		this.life = life;
		this.workers = workers;
	}

	/**
	 * Says what was written of a job that its bodies do not explain.
	 * @param life the job
	 * @param workers the workers
	 * @param bodies its bodies
	 * @return a sentence each
	 */
	static List<String> brokenBy(JobLife life, Workers workers, List<Body> bodies) {
		Claims claims = new Claims(life, workers);
		bodies.forEach(claims::assign);
		life.steps().stream().filter(Step::endsClaim).forEach(claims::judge);
		return claims.broken;
	}

	private void assign(Body body) {
		@Nullable Step claim = null;
		for (Step step : this.life.steps()) {
			if (step.isClaim() && !step.line().at().minus(TOLERANCE).isAfter(body.began())
					&& this.workers.nodeOf(step.image().fence().worker()).equals(body.node())) {
				claim = step;
			}
		}
		if (claim == null) {
			broken("a body without a claim: " + body);
		}
		else if (this.bodies.put(claim, body) != null) {
			broken("two bodies of one claim, " + claim.image().fence() + ": " + body);
		}
	}

	private void judge(Step end) {
		if (this.workers.isRecovered(end.old().fence().worker(), end.line().tx())) {
			return;
		}
		@Nullable Step claim = this.life.claim(end.old().fence()).orElse(null);
		@Nullable Body body = (claim != null) ? this.bodies.get(claim) : null;
		if (body == null) {
			check(end, isPossibleWithoutBody(end), "without a body");
			return;
		}
		Body.@Nullable Ended ended = body.ended();
		if (ended == null || end.line().at().plus(TOLERANCE).isBefore(ended.at())) {
			broken(end + " was written before its body had ended: " + body);
			return;
		}
		check(end, possible(end, ended.how()), "after its " + body);
	}

	private static boolean isPossibleWithoutBody(Step end) {
		boolean counts = end.line().isDelete() || end.image().number("attempt") != end.old().number("attempt");
		return end.to() == Stage.CANCELLED && end.old().flag("cancel_requested") || !counts;
	}

	private boolean possible(Step end, Body.End how) {
		Set<Stage> put = Set.of(Stage.SCHEDULED, Stage.READY, Stage.DEAD, Stage.CANCELLED);
		Stage to = Objects.requireNonNull(end.to());
		if (to == Stage.CANCELLED && !end.old().flag("cancel_requested")) {
			return false;
		}
		return switch (how) {
			// A transaction may fail after its body returned, by a conflict say.
			case RETURNED -> to == Stage.SUCCEEDED || isTransactional() && put.contains(to);
			case FAILED, SNOOZED -> put.contains(to);
			case DISCARDED -> to == Stage.DISCARDED || put.contains(to);
		};
	}

	private boolean isTransactional() {
		return this.life.insert().image().text("name").contains("effect");
	}

	/**
	 * Finds the body that made a job succeed.
	 * @param life the job
	 * @param workers the workers
	 * @param bodies its bodies
	 * @return the body, or {@code null} if it did not succeed
	 */
	static @Nullable Body successOf(JobLife life, Workers workers, List<Body> bodies) {
		Claims claims = new Claims(life, workers);
		bodies.forEach(claims::assign);
		return life.steps()
			.stream()
			.filter((step) -> step.to() == Stage.SUCCEEDED)
			.map((step) -> life.claim(step.old().fence()).map(claims.bodies::get).orElse(null))
			.filter(Objects::nonNull)
			.findFirst()
			.orElse(null);
	}

	private void check(Step end, boolean holds, String otherwise) {
		if (!holds) {
			broken(end.from() + " -> " + end.to() + " at " + end.line().at() + " " + otherwise);
		}
	}

	private void broken(String what) {
		this.broken.add("job " + this.life.id() + ": " + what);
	}

}
