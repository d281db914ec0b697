package io.jobstarter.why;

import java.util.List;

import io.jobstarter.JobDiagnosis.Reason;
import io.jobstarter.JobLimits.KeyInfo;
import io.jobstarter.JobState;
import io.jobstarter.LimitKey;
import io.jobstarter.ReasonCode;
import io.jobstarter.store.SituationStore.PresentJob;
import org.jspecify.annotations.Nullable;

/**
 * The job waits for the permit of a key, or for its turn.
 */
final class KeyReasons implements ReasonSource {

	@Override
	public List<Reason> reasons(Situation situation) {
		String id = keyOf(situation.job());
		if (id == null) {
			return List.of();
		}
		return List.of(LimitKey.isOrder(id) ? order(situation, id) : limit(situation, id));
	}

	/**
	 * Tells which key a job waits for.
	 * @param job the job
	 * @return the id of the key, or {@code null} if it waits for none
	 */
	static @Nullable String keyOf(PresentJob job) {
		String reason = job.reason();
		return (job.state() == JobState.BLOCKED && reason != null && LimitKey.isId(reason)) ? reason : null;
	}

	private static Reason limit(Situation situation, String id) {
		Details details = details(situation, id);
		KeyUse use = situation.key();
		KeyInfo key = use.key();
		if (key == null || key.running() < key.permits()) {
			return details.reason(ReasonCode.KEY_RELEASING,
					"Its key " + name(id) + " has room again: what waits for it is released within seconds.");
		}
		return details.with("running", key.running())
			.with("permits", key.permits())
			.with("ahead", use.ahead())
			.reason(ReasonCode.KEY_LIMIT,
					"Its key " + name(id) + " lets " + Words.count(key.permits(), "job", "jobs")
							+ " run at the same time, and " + Words.number(key.running()) + " "
							+ ((key.running() == 1) ? "does" : "do") + "; "
							+ Words.count(use.ahead(), "job waits", "jobs wait") + " for it before this one.");
	}

	private static Reason order(Situation situation, String id) {
		KeyUse use = situation.key();
		Details details = details(situation, id).with("first", use.first());
		if (use.first() == null || use.first().equals(situation.job().id())) {
			return details.reason(ReasonCode.KEY_RELEASING,
					"It is its turn in the order " + name(id) + ": it is released within seconds.");
		}
		return details.reason(ReasonCode.OUT_OF_TURN, "Its order " + name(id)
				+ " runs one job after the other, and job " + use.first()
				+ " goes first: this one waits until that has succeeded, died or was cancelled, whatever it waits for.");
	}

	private static Details details(Situation situation, String id) {
		return new Details().with("key", name(id));
	}

	private static String name(String id) {
		return id.substring(id.indexOf(':') + 1);
	}

}
