package io.jobstarter.faults.life;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

import org.jspecify.annotations.Nullable;

/**
 * All that the journal says of a job, in the order in which it happened.
 */
final class JobLife {

	private final long id;

	private final List<Line> lines;

	private final List<Step> steps = new ArrayList<>();

	private final List<Reached> reached = new ArrayList<>();

	JobLife(long id, List<Line> lines) {
		this.id = id;
		this.lines = lines;
		@Nullable Image before = null;
		@Nullable Stage from = null;
		for (Line line : lines) {
			if (line.isOf("job")) {
				@Nullable Line end = line.isDelete() ? endIn(line.tx()) : null;
				@Nullable Stage to = line.isDelete() ? stageOf(end) : line.image().stage();
				this.steps.add(new Step(line, before, from, to, end));
				if (to != null) {
					this.reached.add(new Reached(line.tx(), to));
				}
				before = line.isDelete() ? null : line.image();
				from = to;
			}
			else if (line.isOf("dead_letter") && line.image().has("discarded_at")) {
				this.reached.add(new Reached(line.tx(), Stage.DISCARDED));
			}
		}
	}

	private @Nullable Line endIn(long tx) {
		return this.lines.stream()
			.filter((line) -> line.tx() == tx && line.isInsert())
			.filter((line) -> line.isOf("history") || line.isOf("dead_letter"))
			.findFirst()
			.orElse(null);
	}

	private static @Nullable Stage stageOf(@Nullable Line end) {
		if (end == null) {
			return null;
		}
		return end.isOf("history") ? Stage.valueOf(end.image().text("state")) : Stage.DEAD;
	}

	long id() {
		return this.id;
	}

	List<Line> lines() {
		return this.lines;
	}

	List<Step> steps() {
		return this.steps;
	}

	boolean wasThere() {
		return !this.steps.isEmpty();
	}

	Line insert() {
		return this.steps.get(0).line();
	}

	List<Line> lines(String source) {
		return this.lines.stream().filter((line) -> line.isOf(source)).toList();
	}

	boolean failedIn(long tx, long number) {
		return lines("failure").stream().anyMatch((line) -> line.tx() == tx && line.image().number("number") == number);
	}

	/**
	 * The letter as it is at last.
	 * @return its row, or {@code null} if the job did not die
	 */
	@Nullable Line letter() {
		List<Line> letter = lines("dead_letter");
		return letter.isEmpty() ? null : letter.get(letter.size() - 1);
	}

	/**
	 * Where the job was at any time from one moment to another.
	 * @param before the one moment
	 * @param after the other
	 * @return the stages; empty if it was not there
	 */
	Set<Stage> between(Moment before, Moment after) {
		@Nullable Stage last = null;
		Set<Stage> stages = new TreeSet<>();
		for (Reached reached : this.reached) {
			if (before.sees(reached.tx())) {
				last = reached.stage();
			}
			else if (after.sees(reached.tx())) {
				stages.add(reached.stage());
			}
		}
		if (last != null) {
			stages.add(last);
		}
		return stages;
	}

	/**
	 * Tells whether the job held a unique key at any time from one moment to another.
	 * @param before the one moment
	 * @param after the other
	 * @return whether it did
	 */
	boolean heldUniqueKeyBetween(Moment before, Moment after) {
		boolean first = false;
		boolean meanwhile = false;
		for (Step step : this.steps) {
			boolean holds = !step.line().isDelete() && step.image().has("unique_key");
			if (before.sees(step.line().tx())) {
				first = holds;
			}
			else if (after.sees(step.line().tx())) {
				meanwhile |= holds;
			}
		}
		return first || meanwhile;
	}

	boolean wasThereBefore(Moment moment) {
		return wasThere() && moment.sees(insert().tx());
	}

	/**
	 * Finds the claim that a line belongs to.
	 * @param fence who holds the job
	 * @return the step by which it came to hold it
	 */
	Optional<Step> claim(Image.Fence fence) {
		return this.steps.stream()
			.filter(Step::isClaim)
			.filter((step) -> step.image().fence().equals(fence))
			.findFirst();
	}

	@Override
	public String toString() {
		return this.lines.stream().map((line) -> "  " + line + "\n").collect(Collectors.joining());
	}

	/**
	 * A stage as users are told of it: a letter may be discarded.
	 *
	 * @param tx the transaction that brought the job there
	 * @param stage the stage
	 */
	private record Reached(long tx, Stage stage) {
	}

}
