package io.jobstarter.autoconfigure;

import java.util.List;

import static io.jobstarter.autoconfigure.StartMistake.setting;

/**
 * Settings that people get wrong.
 */
final class SettingMistakes {

	private static final String IN_RANGE = "Choose a value in that range.";

	private static final String NO_SUCH_KEY = "there is no such key";

	private static final String QUEUE_NAME = "a queue's name has letters, digits, dots, dashes and underscores";

	private static final String DURATION = "Write a number and a unit, such as 500ms, 30s, 5m, 1h or 7d.";

	private SettingMistakes() {
	}

	static List<StartMistake> ofTheWorker() {
		return List.of(setting("worker.concurrency", "0", "between 1 and 10000", IN_RANGE),
				setting("worker.concurrency", "1000000000", "between 1 and 10000", IN_RANGE),
				setting("worker.lease", "10s", "at least five heartbeats (25s)",
						"Raise background-jobs.worker.lease or lower background-jobs.worker.heartbeat"),
				setting("worker.lease", "25h", "between 500ms and 1d", IN_RANGE).titled("25h is more than a day"),
				setting("worker.lease", "30", List.of("background-jobs.worker.lease is 30ms", "between 500ms and 1d"),
						IN_RANGE)
					.titled("without a unit, these are milliseconds"),
				setting("worker.lease", "30 sec", "it has to be a duration", DURATION),
				setting("worker.lease", "${JOBS_LEASE}",
						List.of("background-jobs.worker.lease is set to ${JOBS_LEASE}", "nothing defines JOBS_LEASE"),
						"Define it, or give it a default, as in ${JOBS_LEASE:…}."),
				setting("worker.heartbeat", "0s", "between 100ms and 1h", IN_RANGE),
				setting("worker.poll-interval", "-1s", "between 10ms and 1h", IN_RANGE),
				setting("worker.poll-interval", "1d", "between 10ms and 1h", IN_RANGE),
				setting("worker.shutdown-timeout", "60s",
						List.of("background-jobs.worker.shutdown-timeout is 1m",
								"end 5s before spring.lifecycle.timeout-per-shutdown-phase (30s)"),
						"or raise spring.lifecycle.timeout-per-shutdown-phase"),
				setting("worker.shutdown-timeout", "-1s", "between 0s and 1h", IN_RANGE),
				setting("worker.queue-order", "random", "one of strict, weighted", "Choose such a value"),
				setting("worker.threads", "fibers", "one of auto, platform, virtual", "Choose such a value"),
				setting("worker.listen-url", "jdbc:mysql://db/shop",
						List.of("background-jobs.worker.listen-url", "start with jdbc:postgresql:"),
						"Name a direct connection to the PostgreSQL server, or remove the key."),
				setting("worker.enabled", "off", "true or false", "Write 'false' to switch it off.")
					.titled("only false switches it off"),
				setting("enabled", "no", "true or false", "Write 'false' to switch it off."));
	}

	static List<StartMistake> ofQueuesAndJobs() {
		return List.of(setting("queues.mailers.concurrency", "many", "a whole number", "Choose such a value"),
				setting("queues.mailers.concurrency", "-1", "between 1 and 10000", IN_RANGE),
				setting("queues.mailers.weight", "0", "between 1 and 1000", IN_RANGE),
				setting("queues.mailers.max-fleet-concurrency", "0", "between 1 and 10000", IN_RANGE),
				setting("queues.mailers.min-concurrency", "6",
						"between 1 and background-jobs.queues.mailers.concurrency (5)",
						"remove the key for a fixed concurrency"),
				setting("queues.mailers.reserved.slots", "5", "below the queue's concurrency (5)", "at least one slot"),
				setting("queues", "mailers,reports", "a group of keys",
						"Name each in a key of its own, below background-jobs.queues."),
				setting("queues[0]", "mailers", "a group of keys", "Set its keys, which are concurrency, weight,")
					.titled("a YAML list of names"),
				setting("queues[high priority].concurrency", "2",
						List.of("background-jobs.queues.high priority is 'high priority'",
								"it has to be the name of a queue"),
						"Choose another name"),
				setting("queues[mail*s].concurrency", "2",
						List.of("background-jobs.queues.mail*s is 'mail*s'",
								"or the beginning of names and one asterisk"),
						"put one asterisk at its end"),
				setting("queues.mail*.concurrency", "2",
						List.of("background-jobs.queues.mail* is written without brackets", "an asterisk needs them"),
						"Write it as \"[mail*]\""),
				setting("jobs.greet.timeout", "0s", "between 1ms and 365d", IN_RANGE),
				setting("jobs.greet.priority", "100000", "between -32768 and 32767", IN_RANGE),
				setting("jobs.greet.queue", "high priority", QUEUE_NAME, "Choose another name"),
				setting("jobs.greet.queue", "#{payload.}", "it cannot be used", "Correct the expression"),
				setting("jobs.greet.queue", "#{T(java.lang.Runtime).runtime}", "it cannot be used",
						"Correct the expression")
					.titled("expressions see the payload and nothing else"),
				setting("jobs.great.queue", "mailers",
						List.of("background-jobs.jobs.great configures a job that nothing handles"),
						"Did you mean background-jobs.jobs.greet?")
					.titled("a misspelled job"),
				setting("defaults.queue", "high priority", QUEUE_NAME, "Choose another name"),
				setting("defaults.timeout", "0s", "between 1ms and 365d", IN_RANGE),
				setting("defaults.warn-after", "0s", "between 1s and 365d", IN_RANGE),
				setting("defaults.max-payload", "0B", "between 100B and 16MB", IN_RANGE),
				setting("defaults.max-payload", "1GB",
						List.of("background-jobs.defaults.max-payload is 1GB", "between 100B and 16MB"), IN_RANGE),
				setting("defaults.max-payload", "64 kilobytes", "it has to be a size",
						"Write a number and a unit, such as 500B, 64KB or 2MB."));
	}

	static List<StartMistake> ofTheRest() {
		return List.of(setting("history.retention", "-1d", "between 1m and 3650d", IN_RANGE),
				setting("history.enabled", "perhaps", "true or false", "Choose such a value"),
				setting("retry-budget.share", "-0.1", "between 0.0 and 10.0", IN_RANGE),
				setting("retry-budget.share", "20%", "a number", "Choose such a value"),
				setting("retry-budget.window", "0s", "between 1s and 1h", IN_RANGE),
				setting("retry-budget.min", "0", "between 1 and 10000", IN_RANGE),
				setting("dead-letters.retention", "0s", "between 1m and 36500d", IN_RANGE),
				setting("start", "later", "one of fail-fast, wait", "Choose such a value"),
				setting("metrics.refresh", "0s", "between 100ms and 5m", IN_RANGE),
				setting("health.max-age", "0s", "between 1s and 365d", IN_RANGE),
				setting("health.queues.mailers.max-depth", "-1", "between 0 and 2147483647", IN_RANGE),
				setting("health.queues[high priority].max-age", "1m",
						List.of("background-jobs.health.queues.high priority is 'high priority'",
								"it has to be the name of a queue"),
						"Choose another name"),
				setting("health.backlog-status", "ill", "one of backlog, down, out-of-service", "Choose such a value"),
				setting("schema.initialize", "embedded", "one of always, never", "Choose such a value"),
				setting("schema.table-prefix", "Jobs-", "match [a-z_][a-z0-9_]{0,40}", "Use lower-case letters"),
				setting("actuator.show-payloads", "admins", "one of always, never, when-authorized",
						"Choose such a value"),
				unknown("worker.leese", "30s", "Did you mean background-jobs.worker.lease?").titled("a misspelled key"),
				unknown("lease", "30s", "Did you mean background-jobs.worker.lease?")
					.titled("a key in the wrong place"),
				unknown("queues.mailers.concurency", "3", "Did you mean background-jobs.queues.mailers.concurrency?"),
				unknown("queues.eu.mailers.concurrency", "3", "A name that holds a dot stands in brackets"),
				unknown("actuator.rolls", "admin", "Did you mean background-jobs.actuator.roles?"),
				unknown("mail-server", "smtp.example.org", "keys of your own need another prefix."),
				setting("worker", "fast", "a group of keys", "Set its keys, which are enabled, lease,"));
	}

	private static StartMistake unknown(String key, String value, String remedy) {
		return setting(key, value, List.of("background-jobs." + key + " is set", NO_SUCH_KEY), remedy);
	}

}
