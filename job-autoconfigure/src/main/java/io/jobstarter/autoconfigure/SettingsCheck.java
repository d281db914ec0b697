package io.jobstarter.autoconfigure;

import java.time.Duration;
import java.util.List;
import java.util.regex.Pattern;

import io.jobstarter.InvalidJobException;
import io.jobstarter.JobRate;
import io.jobstarter.autoconfigure.BackgroundJobProperties.RateLimit;
import io.jobstarter.handler.JobQueue;
import io.jobstarter.handler.PayloadExpression;
import io.jobstarter.support.CleanText;
import io.jobstarter.support.Names;
import io.jobstarter.worker.QueuePattern;
import org.jspecify.annotations.Nullable;

import org.springframework.core.env.Environment;
import org.springframework.util.unit.DataSize;

/**
 * Checks the bounds of every setting at start, not when it is first used at 3 a.m.
 */
final class SettingsCheck {

	private static final Pattern TABLE_PREFIX = Pattern.compile("[a-z_][a-z0-9_]{0,40}");

	private static final Duration MAX_INTERVAL = Duration.ofHours(1);

	/**
	 * What the shutdown takes beside the draining: interrupting, settling, deregistering.
	 */
	private static final Duration SHUTDOWN_MARGIN = Duration.ofSeconds(5);

	/** They travel as headers, beside those of other propagators. */
	private static final int MAX_SENSITIVE_NAME = 100;

	private static final int MIN_LETTERS = 2;

	private static final int MAX_MDC_KEYS = 40;

	private static final int MAX_MDC_KEY = 80;

	private static final int MAX_BUCKETS = 50;

	private SettingsCheck() {
	}

	static void check(BackgroundJobProperties properties, Duration shutdownPhase) {
		checkWorker(properties.worker(), shutdownPhase);
		properties.queues().forEach(SettingsCheck::checkQueue);
		checkDefaults(properties.defaults());
		properties.jobs().forEach(SettingsCheck::checkJob);
		checkRetryBudget(properties.retryBudget());
		checkMdcKeys(properties.context().mdcKeys());
		checkSensitiveNames(properties.sensitiveNames());
		between("background-jobs.history.retention", properties.history().retention(), Duration.ofMinutes(1),
				Duration.ofDays(3650));
		between("background-jobs.dead-letters.retention", properties.deadLetters().retention(), Duration.ofMinutes(1),
				Duration.ofDays(36500));
		checkHealth(properties.health());
		checkMetrics(properties.metrics());
		if (!TABLE_PREFIX.matcher(properties.schema().tablePrefix()).matches()) {
			throw new InvalidSettingException("background-jobs.schema.table-prefix",
					"'" + properties.schema().tablePrefix() + "'", "it has to match " + TABLE_PREFIX.pattern(),
					"Use lower-case letters, digits and underscores, such as 'background_job_'.");
		}
	}

	/**
	 * Checks a switch that something asked for although it is off: conditions take
	 * everything but 'false' for true.
	 * @param key the full name of the key
	 * @param on what it was bound to
	 * @param environment where it is set
	 */
	static void checkSwitch(String key, boolean on, Environment environment) {
		if (!on) {
			throw new InvalidSettingException(key, "'" + environment.getProperty(key) + "'",
					"it has to be true or false", "Write 'false' to switch it off.");
		}
	}

	private static void checkWorker(BackgroundJobProperties.Worker worker, Duration shutdownPhase) {
		String prefix = "background-jobs.worker.";
		between(prefix + "heartbeat", worker.heartbeat(), Duration.ofMillis(100), MAX_INTERVAL);
		between(prefix + "lease", worker.lease(), Duration.ofMillis(500), Duration.ofHours(24));
		if (worker.lease().compareTo(worker.heartbeat().multipliedBy(5)) < 0) {
			throw new InvalidSettingException(prefix + "lease", SettingText.of(worker.lease()),
					"it has to be at least five heartbeats (" + SettingText.of(worker.heartbeat().multipliedBy(5))
							+ ")",
					"Raise " + prefix + "lease or lower " + prefix + "heartbeat, so that a few late heartbeats "
							+ "do not cost a node its jobs.");
		}
		between(prefix + "poll-interval", worker.pollInterval(), Duration.ofMillis(10), MAX_INTERVAL);
		between(prefix + "shutdown-timeout", worker.shutdownTimeout(), Duration.ZERO, MAX_INTERVAL);
		if (worker.enabled() && worker.shutdownTimeout().plus(SHUTDOWN_MARGIN).compareTo(shutdownPhase) > 0) {
			throw new InvalidSettingException(prefix + "shutdown-timeout", SettingText.of(worker.shutdownTimeout()),
					"it has to end " + SettingText.of(SHUTDOWN_MARGIN)
							+ " before spring.lifecycle.timeout-per-shutdown-phase (" + SettingText.of(shutdownPhase)
							+ ")",
					"Lower " + prefix + "shutdown-timeout or raise spring.lifecycle.timeout-per-shutdown-phase, "
							+ "so that jobs are given back before the application is gone.");
		}
		if (worker.concurrency() != null) {
			inRange(prefix + "concurrency", worker.concurrency(), 1, 10_000);
		}
		if (worker.listenUrl() != null && !worker.listenUrl().startsWith("jdbc:postgresql:")) {
			throw new InvalidSettingException(prefix + "listen-url", "not a PostgreSQL URL",
					"it has to start with jdbc:postgresql:",
					"Name a direct connection to the PostgreSQL server, or remove the key.");
		}
	}

	private static void checkQueue(String name, BackgroundJobProperties.Queue queue) {
		String key = "background-jobs.queues." + name;
		checkQueueEntry(key, name);
		inRange(key + ".concurrency", queue.concurrency(), 1, 10_000);
		inRange(key + ".weight", queue.weight(), 1, 1_000);
		RateLimit rate = queue.rateLimit();
		if (rate.permits() != null) {
			inRange(key + ".rate-limit.permits", rate.permits(), 1, JobRate.MOST_PERMITS);
		}
		between(key + ".rate-limit.per", rate.per(), JobRate.SHORTEST, JobRate.LONGEST);
		if (queue.maxDepth() != null) {
			inRange(key + ".max-depth", queue.maxDepth(), 1, Integer.MAX_VALUE);
		}
		if (queue.maxFleetConcurrency() != null) {
			inRange(key + ".max-fleet-concurrency", queue.maxFleetConcurrency(), 1, 10_000);
		}
		if (queue.minConcurrency() != null) {
			checkMinConcurrency(key, queue.minConcurrency(), queue.concurrency());
		}
		checkReserved(key + ".reserved", queue.reserved(), queue.concurrency());
	}

	private static void checkMinConcurrency(String key, int min, int concurrency) {
		if (min < 1 || min > concurrency) {
			throw new InvalidSettingException(key + ".min-concurrency", Integer.toString(min),
					"it has to be between 1 and " + key + ".concurrency (" + concurrency + ")",
					"Choose a value in that range, or remove the key for a fixed concurrency.");
		}
	}

	private static void checkReserved(String key, BackgroundJobProperties.Reserved reserved, int concurrency) {
		if (reserved.slots() < 0 || reserved.slots() >= concurrency) {
			throw new InvalidSettingException(key + ".slots", String.valueOf(reserved.slots()),
					"it has to be at least 0 and below the queue's concurrency (" + concurrency + ")",
					"Leave at least one slot for the other priorities.");
		}
		inRange(key + ".below", reserved.below(), Short.MIN_VALUE + 1, Short.MAX_VALUE);
	}

	private static void checkDefaults(BackgroundJobProperties.Defaults defaults) {
		checkQueueName("background-jobs.defaults.queue", defaults.queue());
		checkTimeout("background-jobs.defaults.timeout", defaults.timeout());
		between("background-jobs.defaults.warn-after", defaults.warnAfter(), Duration.ofSeconds(1),
				Duration.ofDays(365));
		between("background-jobs.defaults.max-payload", defaults.maxPayload(), DataSize.ofBytes(100),
				DataSize.ofMegabytes(16));
	}

	private static void checkJob(String name, BackgroundJobProperties.Job job) {
		String key = "background-jobs.jobs." + name;
		if (job.queue() != null) {
			checkQueueOfJob(key + ".queue", job.queue());
		}
		if (job.priority() != null) {
			inRange(key + ".priority", job.priority(), Short.MIN_VALUE, Short.MAX_VALUE);
		}
		checkTimeout(key + ".timeout", job.timeout());
	}

	private static void checkRetryBudget(BackgroundJobProperties.RetryBudget budget) {
		if (budget.share() != null) {
			between("background-jobs.retry-budget.share", budget.share(), 0.0, 10.0);
		}
		between("background-jobs.retry-budget.window", budget.window(), Duration.ofSeconds(1), MAX_INTERVAL);
		inRange("background-jobs.retry-budget.min", budget.min(), 1, 10_000);
	}

	private static void checkMetrics(BackgroundJobProperties.Metrics metrics) {
		String prefix = "background-jobs.metrics.";
		between(prefix + "vacuum-warning", metrics.vacuumWarning(), Duration.ofSeconds(1), Duration.ofDays(365));
		between(prefix + "refresh", metrics.refresh(), Duration.ofMillis(100), Duration.ofMinutes(5));
		if (metrics.buckets().size() > MAX_BUCKETS) {
			throw new InvalidSettingException(prefix + "buckets", "a list of " + metrics.buckets().size() + " bounds",
					"it may have at most " + MAX_BUCKETS,
					"Choose fewer: each is a time series for each job name and outcome.");
		}
		metrics.buckets()
			.forEach((bucket) -> between(prefix + "buckets", bucket, Duration.ofMillis(1), Duration.ofDays(365)));
	}

	// One without letters would be found nowhere, and protect nothing.
	private static void checkSensitiveNames(List<String> names) {
		for (String name : names) {
			if (name.length() > MAX_SENSITIVE_NAME
					|| name.codePoints().filter(Character::isLetterOrDigit).count() < MIN_LETTERS) {
				throw new InvalidSettingException("background-jobs.sensitive-names",
						"'" + CleanText.printable(name, MAX_SENSITIVE_NAME) + "'", "a name has at least " + MIN_LETTERS
								+ " letters or digits, and up to " + MAX_SENSITIVE_NAME + " characters",
						"Name properties of payloads or headers, such as 'iban'.");
			}
		}
	}

	private static void checkMdcKeys(List<String> keys) {
		String name = "background-jobs.context.mdc-keys";
		if (keys.size() > MAX_MDC_KEYS) {
			throw new InvalidSettingException(name, "a list of " + keys.size() + " keys",
					"it may have at most " + MAX_MDC_KEYS,
					"Name only what the logs of jobs need: each key is stored with each job.");
		}
		for (String key : keys) {
			if (key.isBlank() || key.length() > MAX_MDC_KEY) {
				throw new InvalidSettingException(name, "'" + CleanText.printable(key, MAX_MDC_KEY) + "'",
						"a key has 1 to " + MAX_MDC_KEY + " characters",
						"Name keys that the application puts into the MDC.");
			}
		}
	}

	private static void checkHealth(BackgroundJobProperties.Health health) {
		String prefix = "background-jobs.health.";
		checkBounds(prefix, health.maxAge(), health.maxDepth());
		health.queues().forEach((name, queue) -> {
			checkQueueEntry(prefix + "queues." + name, name);
			checkBounds(prefix + "queues." + name + ".", queue.maxAge(), queue.maxDepth());
		});
	}

	private static void checkBounds(String prefix, @Nullable Duration maxAge, @Nullable Long maxDepth) {
		if (maxAge != null) {
			between(prefix + "max-age", maxAge, Duration.ofSeconds(1), Duration.ofDays(365));
		}
		if (maxDepth != null) {
			inRange(prefix + "max-depth", maxDepth, 0, Integer.MAX_VALUE);
		}
	}

	private static void checkTimeout(String key, @Nullable Duration timeout) {
		if (timeout != null) {
			between(key, timeout, Duration.ofMillis(1), Duration.ofDays(365));
		}
	}

	private static void checkQueueEntry(String key, String entry) {
		try {
			new QueuePattern(entry);
		}
		catch (InvalidJobException ex) {
			throw new InvalidSettingException(key, "'" + entry + "'",
					"it has to be the name of a queue, of letters, digits, dots, dashes and underscores, "
							+ "or the beginning of names and one asterisk",
					"Choose another name, of at most 100 characters, or put one asterisk at its end, "
							+ "as in '[mail*]' and '[*]'.");
		}
	}

	private static void checkQueueOfJob(String key, String queue) {
		if (!PayloadExpression.isIn(queue)) {
			checkQueueName(key, queue);
			return;
		}
		try {
			JobQueue.of(queue);
		}
		catch (InvalidJobException ex) {
			throw new InvalidSettingException(key, "'" + queue + "'", "it cannot be used. " + ex.getMessage(),
					"Correct the expression, or name a queue.");
		}
	}

	private static void checkQueueName(String key, String name) {
		try {
			Names.queue(name);
		}
		catch (InvalidJobException ex) {
			throw new InvalidSettingException(key, "'" + name + "'",
					"a queue's name has letters, digits, dots, dashes and underscores",
					"Choose another name, of at most 100 characters, that starts with a letter or a digit.");
		}
	}

	private static <T extends Comparable<T>> void between(String key, T value, T min, T max) {
		if (value.compareTo(min) < 0 || value.compareTo(max) > 0) {
			throw new InvalidSettingException(key, SettingText.of(value),
					"it has to be between " + SettingText.of(min) + " and " + SettingText.of(max),
					"Choose a value in that range.");
		}
	}

	private static void inRange(String key, long value, long min, long max) {
		between(key, Long.valueOf(value), Long.valueOf(min), Long.valueOf(max));
	}

}
