package io.jobstarter.autoconfigure;

import java.sql.DatabaseMetaData;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.Supplier;

import io.jobstarter.handler.JobDefinition;
import io.jobstarter.store.jdbc.JdbcStores;
import io.jobstarter.store.jdbc.PostgresListener;
import io.jobstarter.support.CleanText;
import io.jobstarter.worker.JobWorker;
import io.jobstarter.worker.WorkerSettings;
import io.jobstarter.worker.WorkerSettings.QueueOrder;
import io.jobstarter.worker.WorkerSettings.QueueSettings;
import io.jobstarter.worker.WorkerSettings.Reserved;
import org.jspecify.annotations.Nullable;

import org.springframework.jdbc.core.ConnectionCallback;
import org.springframework.jdbc.core.JdbcTemplate;

/**
 * What this node is, in five lines, however much there is to tell: queues, handlers,
 * tables, connections, wake-up. Holds no address and no secret.
 */
final class StartReport {

	static final String PREFIX = "Background jobs: ";

	private static final int MAX_LINE = 1000;

	private static final int MAX_LIST = 600;

	// On a direct connection a notification takes milliseconds; where none arrives, it
	// takes two seconds to be sure, for which no start should wait.
	private static final Duration PATIENCE = Duration.ofMillis(500);

	private final BackgroundJobProperties properties;

	private final List<JobDefinition> handlers;

	private final Engine engine;

	private final @Nullable Node node;

	/**
	 * Makes a report, of how things are when it is written.
	 * @param properties the settings
	 * @param handlers the handlers
	 * @param engine what every node has
	 * @param node what a node has that runs jobs, or {@code null}
	 */
	StartReport(BackgroundJobProperties properties, List<JobDefinition> handlers, Engine engine, @Nullable Node node) {
		this.properties = properties;
		this.handlers = handlers;
		this.engine = engine;
		this.node = node;
	}

	List<String> lines() {
		return List.of(line(queues()), line(handlers()), line(tables()), line(connections()), line(wakeUp()));
	}

	private static String line(String text) {
		return CleanText.printable(PREFIX + text, MAX_LINE);
	}

	private String queues() {
		if (this.node == null) {
			return "this node only enqueues, since background-jobs.worker.enabled is false";
		}
		WorkerSettings settings = this.node.settings();
		Set<String> paused = unlessAway(this.engine.stores()::pausedQueues, Set.of());
		List<String> queues = settings.queues()
			.entrySet()
			.stream()
			.map((queue) -> queue(queue, settings.queueOrder(), paused))
			.toList();
		return "worker " + this.node.worker().health().id() + " runs up to " + settings.slots() + " at a time in "
				+ (this.node.threads().areVirtual() ? "virtual" : "platform") + " threads; "
				+ count(queues.size(), "queue") + ", " + SettingText.of(settings.queueOrder()) + ": " + list(queues);
	}

	private static String queue(Map.Entry<String, QueueSettings> queue, QueueOrder order, Set<String> paused) {
		boolean weighted = order == QueueOrder.WEIGHTED && queue.getValue().weight() != 1;
		return queue.getKey() + "=" + queue.getValue().concurrency()
				+ (weighted ? " (weight " + queue.getValue().weight() + ")" : "")
				+ reserved(queue.getValue().reserved()) + (paused.contains(queue.getKey()) ? " (paused)" : "");
	}

	private static String reserved(@Nullable Reserved reserved) {
		return (reserved != null) ? " (" + reserved.slots() + " kept below priority " + reserved.below() + ")" : "";
	}

	private String handlers() {
		List<String> names = this.handlers.stream()
			.map((handler) -> handler.name() + " (" + handler.queue() + ")")
			.sorted()
			.toList();
		return names.isEmpty() ? "no handlers" : count(names.size(), "handler") + ": " + list(names);
	}

	private String tables() {
		BackgroundJobProperties.Schema schema = this.properties.schema();
		OptionalInt version = MigrationScripts.latest(this.engine.stores().migrationLocation());
		String kept = this.properties.history().enabled()
				? "history is kept " + SettingText.of(this.properties.history().retention()) : "no history is kept";
		return "tables " + schema.tablePrefix() + "* in " + unlessAway(this::database, "a database that is away now")
				+ ", complete" + (version.isPresent() ? " as of V" + version.getAsInt() : "") + " (initialize: "
				+ SettingText.of(schema.initialize()) + "); " + kept + ", resolved dead letters "
				+ SettingText.of(this.properties.deadLetters().retention());
	}

	private String connections() {
		EngineConnections connections = this.engine.connections();
		OptionalInt size = connections.applicationPoolSize();
		String pool = "the application's pool" + (size.isPresent() ? " of " + size.getAsInt() + " connections" : "");
		return connections.areShared() ? "the engine shares " + pool
				: "the engine has up to " + EngineConnections.SIZE + " connections of its own, handlers use " + pool;
	}

	private String wakeUp() {
		boolean sent = this.engine.notifications().areSent();
		if (this.node == null) {
			return "jobs are announced to other nodes by " + (sent ? "NOTIFY" : "nothing: they poll");
		}
		WorkerSettings settings = this.node.settings();
		return "wake-up " + listening(sent) + " polling every " + SettingText.of(settings.pollInterval()) + "; lease "
				+ SettingText.of(settings.lease()) + ", heartbeat every " + SettingText.of(settings.heartbeat());
	}

	private String listening(boolean possible) {
		PostgresListener listener = this.engine.notifications().listener();
		if (listener == null) {
			return possible ? "(without a direct connection to LISTEN on) by" : "(without NOTIFY in this database) by";
		}
		return switch (listener.awaitDecision(PATIENCE)) {
			case LISTENING -> "by LISTEN/NOTIFY, and by";
			case POLLING -> "(notifications do not arrive, see background-jobs.worker.listen-url) by";
			case CONNECTING, STOPPED -> "(whether LISTEN/NOTIFY works is not known yet) by";
		};
	}

	private String database() {
		return String.valueOf(new JdbcTemplate(this.engine.connections().dataSource())
			.execute((ConnectionCallback<String>) (connection) -> {
				DatabaseMetaData metaData = connection.getMetaData();
				return metaData.getDatabaseProductName() + " " + metaData.getDatabaseProductVersion();
			}));
	}

	// A report stops no start, whatever the database has done in the meantime.
	private static <T> T unlessAway(Supplier<T> question, T otherwise) {
		try {
			return question.get();
		}
		catch (RuntimeException ex) {
			return otherwise;
		}
	}

	private static String count(int count, String noun) {
		return count + " " + noun + ((count == 1) ? "" : "s");
	}

	private static String list(List<String> names) {
		StringBuilder list = new StringBuilder();
		int shown = 0;
		while (shown < names.size() && list.length() + names.get(shown).length() < MAX_LIST) {
			list.append((shown == 0) ? "" : ", ").append(names.get(shown));
			shown++;
		}
		int more = names.size() - shown;
		return (more == 0) ? list.toString() : list + " and " + more + " more";
	}

	/**
	 * What every node has.
	 *
	 * @param stores the stores
	 * @param connections the engine's connections
	 * @param notifications what announces jobs between nodes
	 */
	record Engine(JdbcStores stores, EngineConnections connections, Notifications notifications) {
	}

	/**
	 * What a node has that runs jobs.
	 *
	 * @param worker the worker
	 * @param settings its settings
	 * @param threads what jobs run in
	 */
	record Node(JobWorker worker, WorkerSettings settings, WorkerThreads threads) {
	}

}
