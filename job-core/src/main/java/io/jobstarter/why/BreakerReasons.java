package io.jobstarter.why;

import java.util.List;
import java.util.Objects;

import io.jobstarter.BreakerInfo;
import io.jobstarter.JobDiagnosis.Reason;
import io.jobstarter.JobState;
import io.jobstarter.ReasonCode;
import io.jobstarter.store.BreakerRow;
import org.jspecify.annotations.Nullable;

/**
 * The job waits for a circuit breaker.
 */
final class BreakerReasons implements ReasonSource {

	@Override
	public List<Reason> reasons(Situation situation) {
		String name = breakerOf(situation.job().state(), situation.job().reason());
		return (name != null) ? List.of(reason(situation, name)) : List.of();
	}

	/**
	 * Tells which breaker a job waits for.
	 * @param state where it stands
	 * @param reason why it is blocked, if it is
	 * @return the breaker's name, or {@code null} if it waits for none
	 */
	static @Nullable String breakerOf(JobState state, @Nullable String reason) {
		return (state == JobState.BLOCKED && reason != null) ? BreakerRow.breakerOf(reason) : null;
	}

	private static Reason reason(Situation situation, String name) {
		BreakerInfo breaker = situation.breaker();
		if (breaker == null) {
			return closed(name);
		}
		return switch (breaker.state()) {
			case OPEN -> open(situation, breaker);
			case HALF_OPEN -> halfOpen(situation, breaker);
			case FORCED_OPEN -> forcedOpen(situation, breaker);
			case CLOSED, FORCED_CLOSED -> closed(name);
		};
	}

	private static Reason open(Situation situation, BreakerInfo breaker) {
		String until = (breaker.openUntil() == null) ? ""
				: breaker.openUntil().isAfter(situation.now())
						? "; in " + Words.between(situation.now(), breaker.openUntil()) + ", at "
								+ Words.of(breaker.openUntil()) + ", a worker tries a few jobs"
						: "; its time is over, and a worker that can run its jobs tries a few of them";
		return details(breaker).with("openUntil", breaker.openUntil())
			.reason(ReasonCode.CIRCUIT_OPEN, "Circuit breaker " + breaker.name() + " opened " + ago(situation, breaker)
					+ Words.because(breaker.reason()) + until + ".");
	}

	private static Reason halfOpen(Situation situation, BreakerInfo breaker) {
		Long prober = breaker.prober();
		String who = (prober == null) ? "a worker"
				: situation.worker(prober).map(Words::worker).orElse("worker " + prober + ", which is gone,");
		return details(breaker).with("prober", (prober != null) ? Long.toString(prober) : null)
			.reason(ReasonCode.CIRCUIT_HALF_OPEN, "Circuit breaker " + breaker.name() + " is half open: " + who
					+ " tries a few jobs, which decide whether it closes; it began " + ago(situation, breaker) + ".");
	}

	private static Reason forcedOpen(Situation situation, BreakerInfo breaker) {
		return details(breaker).reason(ReasonCode.CIRCUIT_FORCED_OPEN,
				"Circuit breaker " + breaker.name() + " was forced open " + ago(situation, breaker)
						+ Words.by(breaker.changedBy()) + Words.because(breaker.reason())
						+ "; it stays open until somebody resets it.");
	}

	private static Reason closed(String name) {
		return new Details().with("breaker", name)
			.reason(ReasonCode.CIRCUIT_RELEASING, "Circuit breaker " + name
					+ " lets jobs through again: those that waited for it are released within seconds.");
	}

	private static Details details(BreakerInfo breaker) {
		return new Details().with("breaker", breaker.name())
			.with("since", breaker.since())
			.with("why", breaker.reason())
			.with("by", breaker.changedBy());
	}

	private static String ago(Situation situation, BreakerInfo breaker) {
		return Words.between(Objects.requireNonNull(breaker.since()), situation.now()) + " ago";
	}

}
