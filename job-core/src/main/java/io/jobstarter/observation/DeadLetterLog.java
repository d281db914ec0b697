package io.jobstarter.observation;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

import io.jobstarter.DeadLetterNotifier;
import io.jobstarter.JobEvent;
import io.jobstarter.support.CleanText;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

/**
 * Tells of dead letters in the log: the first of each job name and kind of failure at
 * once, and how many more there were a minute later.
 */
public final class DeadLetterLog implements DeadLetterNotifier, AutoCloseable {

	private static final Log logger = LogFactory.getLog("io.jobstarter.deadletters");

	private static final Duration QUIET = Duration.ofMinutes(1);

	/** Beyond that many kinds in a minute, the rest count as one. */
	private static final int MOST_KINDS = 200;

	private static final Kind OTHER = new Kind("other jobs", "of various kinds");

	private static final int MAX_MESSAGE = 500;

	private final Executor later;

	private final Consumer<String> lines;

	private final Map<Kind, Integer> unsaid = new LinkedHashMap<>();

	/**
	 * Makes a log.
	 */
	public DeadLetterLog() {
		this(CompletableFuture.delayedExecutor(QUIET.toSeconds(), TimeUnit.SECONDS), logger::warn);
	}

	DeadLetterLog(Executor later, Consumer<String> lines) {
		this.later = later;
		this.lines = lines;
	}

	@Override
	public synchronized void deadLettered(JobEvent.DeadLettered letter) {
		Kind own = new Kind(letter.name(), letter.fingerprint());
		Kind kind = (this.unsaid.containsKey(own) || this.unsaid.size() < MOST_KINDS) ? own : OTHER;
		if (this.unsaid.containsKey(kind)) {
			this.unsaid.merge(kind, 1, Integer::sum);
			return;
		}
		this.unsaid.put(kind, 0);
		this.lines.accept("Dead letter: job " + letter.id() + " (" + letter.name() + ", queue " + letter.queue()
				+ ") died of " + CleanText.printable(letter.failure().errorClass(), MAX_MESSAGE) + " ("
				+ letter.reason() + ", " + letter.fingerprint() + "): "
				+ CleanText.printable(letter.failure().message(), MAX_MESSAGE));
		this.later.execute(() -> endOf(kind));
	}

	private synchronized void endOf(Kind kind) {
		Integer more = this.unsaid.remove(kind);
		if (more != null && more > 0) {
			this.lines.accept("Dead letters: " + more + " more of " + kind.name() + " (" + kind.fingerprint()
					+ ") within a minute on this node");
		}
	}

	/**
	 * Says what is left to be said.
	 */
	@Override
	public synchronized void close() {
		Map.copyOf(this.unsaid).keySet().forEach(this::endOf);
	}

	/**
	 * What letters have in common.
	 *
	 * @param name the job name
	 * @param fingerprint the kind of failure
	 */
	private record Kind(String name, String fingerprint) {
	}

}
