package io.jobstarter.why;

import java.time.Instant;
import java.util.List;

import io.jobstarter.JobDiagnosis.Reason;
import io.jobstarter.ReasonCode;
import io.jobstarter.store.SituationStore.QueueSetting;

/**
 * The queue is paused.
 */
final class QueueReasons implements ReasonSource {

	@Override
	public List<Reason> reasons(Situation situation) {
		QueueSetting queue = situation.queue();
		Instant since = queue.pausedAt();
		if (since == null) {
			return List.of();
		}
		String sentence = "Queue " + situation.queueName() + " was paused " + Words.between(since, situation.now())
				+ " ago" + Words.by(queue.pausedBy()) + Words.because(queue.pauseReason()) + ".";
		return List.of(new Details().with("queue", situation.queueName())
			.with("since", since)
			.with("by", queue.pausedBy())
			.with("why", queue.pauseReason())
			.reason(ReasonCode.QUEUE_PAUSED, sentence));
	}

}
