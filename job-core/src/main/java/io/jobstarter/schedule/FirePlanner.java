package io.jobstarter.schedule;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;

import io.jobstarter.Overlap;
import io.jobstarter.RecurringDefinition;
import io.jobstarter.store.FirePlan;
import io.jobstarter.store.FirePlan.Due;
import io.jobstarter.store.FirePlan.Fire;
import io.jobstarter.store.NewJob;
import org.jspecify.annotations.Nullable;

/**
 * Decides what becomes of the fires that are due: first the misfire policy chooses among
 * them, then the overlap policy says what to do with those that were chosen.
 */
final class FirePlanner implements FirePlan.Planner {

	/** A fire that is older was noticed too late. */
	static final Duration TOLERANCE = Duration.ofMinutes(1);

	private final Schedule schedule;

	private final UnaryOperator<NewJob> completion;

	FirePlanner(Schedule schedule) {
		this(schedule, UnaryOperator.identity());
	}

	FirePlanner(Schedule schedule, UnaryOperator<NewJob> completion) {
		this.schedule = schedule;
		this.completion = completion;
	}

	@Override
	public NewJob complete(NewJob job) {
		return this.completion.apply(job);
	}

	@Override
	public FirePlan plan(Due due) {
		Overlap overlap = due.definition().overlap();
		if (overlap == Overlap.QUEUE && due.previousUnderWay()) {
			return FirePlan.WAIT;
		}
		DueFires all = DueFires.of(this.schedule, due.first(), due.now());
		List<Instant> chosen = chosen(due, all.latest());
		long missed = all.count() - chosen.size();
		Instant next = this.schedule.after(due.now());
		if (chosen.isEmpty()) {
			return new FirePlan(List.of(), false, missed, next, false);
		}
		return switch (overlap) {
			case ALLOW -> plan(due, chosen, missed, next);
			case SKIP -> skipping(due, chosen, missed, next);
			case QUEUE -> oneByOne(due, chosen, missed, next);
			case CANCEL_RUNNING -> replacing(due, chosen, missed, next);
		};
	}

	private static List<Instant> chosen(Due due, List<Instant> fires) {
		if (fires.size() == 1 && isYounger(fires.get(0), TOLERANCE, due)) {
			return fires;
		}
		List<Instant> last = fires.isEmpty() ? fires : fires.subList(fires.size() - 1, fires.size());
		Duration catchUp = due.definition().catchUp();
		return switch (due.definition().misfire()) {
			case SKIP -> last.stream().filter((fire) -> isYounger(fire, TOLERANCE, due)).toList();
			case ONCE -> last.stream().filter((fire) -> isYounger(fire, catchUp, due)).toList();
			case ALL -> fires.stream().filter((fire) -> isYounger(fire, catchUp, due)).toList();
		};
	}

	// What is on time needs not be made up for, whatever the window.
	private static boolean isYounger(Instant fire, @Nullable Duration age, Due due) {
		if (age == null) {
			return true;
		}
		Duration bound = (age.compareTo(TOLERANCE) > 0) ? age : TOLERANCE;
		return !fire.isBefore(due.now().minus(bound));
	}

	private static FirePlan plan(Due due, List<Instant> chosen, long missed, @Nullable Instant next) {
		return new FirePlan(chosen.stream().map((fire) -> fire(due.definition(), fire, true)).toList(), false, missed,
				next, false);
	}

	// Of several at once the first is the previous one of the others.
	private static FirePlan skipping(Due due, List<Instant> chosen, long missed, @Nullable Instant next) {
		List<Fire> fires = new ArrayList<>();
		for (Instant fire : chosen) {
			fires.add(fire(due.definition(), fire, fires.isEmpty() && !due.previousUnderWay()));
		}
		return new FirePlan(fires, false, missed, next, false);
	}

	private static FirePlan oneByOne(Due due, List<Instant> chosen, long missed, @Nullable Instant next) {
		return plan(due, chosen.subList(0, 1), missed, (chosen.size() > 1) ? chosen.get(1) : next);
	}

	// Those before the last would be cancelled at once.
	private static FirePlan replacing(Due due, List<Instant> chosen, long missed, @Nullable Instant next) {
		int before = chosen.size() - 1;
		return new FirePlan(List.of(fire(due.definition(), chosen.get(before), true)), due.previousUnderWay(),
				missed + before, next, false);
	}

	private static Fire fire(RecurringDefinition definition, Instant at, boolean enqueues) {
		return new Fire(at, Jitter.of(definition, at), enqueues);
	}

}
