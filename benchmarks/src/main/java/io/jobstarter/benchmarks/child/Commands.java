package io.jobstarter.benchmarks.child;

import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.IntFunction;
import java.util.stream.IntStream;

import io.jobstarter.benchmarks.engine.Engine;
import io.jobstarter.benchmarks.engine.EngineKind;
import io.jobstarter.benchmarks.engine.EngineSettings;
import io.jobstarter.benchmarks.engine.JobStarterEngine;
import io.jobstarter.benchmarks.engine.Tally;
import io.jobstarter.benchmarks.engine.Work;
import org.jspecify.annotations.Nullable;

/**
 * What a JVM with an engine can be told.
 */
final class Commands implements AutoCloseable {

	private static final int CHUNK = 10_000;

	private @Nullable Engine engine;

	Map<String, Object> run(Arguments arguments) throws Exception {
		return switch (arguments.command()) {
			case "open" -> open(arguments);
			case "reset" -> reset(arguments);
			case "single" -> single(arguments);
			case "bulk" -> bulk(arguments);
			case "load" -> load(arguments);
			case "keyed" -> keyed(arguments);
			case "recurring" -> recurring(arguments);
			case "mixed" -> mixed(arguments);
			case "paced" -> paced(arguments);
			case "waits" -> waits(arguments);
			case "rest" -> rest(arguments);
			case "await" -> await(arguments);
			case "share" -> new Share(engine()).run(arguments.number("millis"));
			case "slice" -> new Drain(engine()).slice(arguments.number("count"), arguments.number("millis"));
			case "drain" -> new Drain(engine()).run(arguments.number("count"), arguments.number("millis"));
			case "tenant-load" -> tenants().load(arguments.number("count"), arguments.number("millis"));
			case "tenant-waits" ->
				tenants().waits(arguments.number("rounds"), arguments.number("count"), arguments.number("millis"));
			case "pause" -> pause();
			case "resume" -> resume();
			case "tally" -> tally();
			default -> throw new IllegalArgumentException("No such command: " + arguments.command());
		};
	}

	private Map<String, Object> open(Arguments arguments) {
		EngineSettings settings = new EngineSettings(arguments.text("url"), arguments.text("user"),
				arguments.text("password"), arguments.number("pool"), arguments.flag("workers"),
				arguments.number("queues"), arguments.text("property"));
		this.engine = EngineKind.titled(arguments.text("engine")).open(settings);
		return Map.of();
	}

	private Engine engine() {
		return Objects.requireNonNull(this.engine, "no engine is open");
	}

	private Tenants tenants() {
		return new Tenants((JobStarterEngine) engine());
	}

	private Map<String, Object> reset(Arguments arguments) {
		Tally.reset(arguments.number("capacity"));
		return Map.of();
	}

	/** Several threads enqueue one by one, as fast as they can, for a while. */
	private Map<String, Object> single(Arguments arguments) throws InterruptedException {
		Usage usage = Usage.start();
		Enqueuers enqueuers = new Enqueuers(engine(), arguments.number("from"), arguments.number("to"));
		enqueuers.run(arguments.number("threads"), Duration.ofMillis(arguments.number("millis")));
		return usage.stop(Map.of("count", enqueuers.enqueued()));
	}

	private Map<String, Object> bulk(Arguments arguments) {
		int from = arguments.number("from");
		int count = arguments.number("count");
		Usage usage = Usage.start();
		engine().enqueueAll(works(from, count));
		return usage.stop(Map.of("count", count));
	}

	private Map<String, Object> load(Arguments arguments) {
		int from = arguments.number("from");
		int to = from + arguments.number("count");
		for (int start = from; start < to; start += CHUNK) {
			store(works(start, Math.min(CHUNK, to - start)), arguments);
		}
		return Map.of();
	}

	private void store(List<Work> works, Arguments arguments) {
		switch (arguments.text("as")) {
			case "ready" -> engine().enqueueAll(works);
			case "scheduled" -> engine().schedule(works, Duration.ofDays(1));
			case "spread" -> ((JobStarterEngine) engine()).spread(works, arguments.number("priorities"));
			default -> throw new IllegalArgumentException(arguments.text("as"));
		}
	}

	private Map<String, Object> keyed(Arguments arguments) {
		int count = arguments.number("count");
		for (int start = 0; start < count; start += CHUNK) {
			((JobStarterEngine) engine()).enqueueKeyed(arguments.text("rule"),
					works(start, Math.min(CHUNK, count - start)), arguments.number("keys"), arguments.flag("hot"),
					arguments.number("millis"));
		}
		return Map.of();
	}

	private Map<String, Object> recurring(Arguments arguments) {
		((JobStarterEngine) engine()).recur(arguments.number("count"), arguments.text("schedule"));
		return Map.of();
	}

	private static List<Work> works(int from, int count) {
		IntFunction<Work> now = Work::now;
		return IntStream.range(from, from + count).mapToObj(now).toList();
	}

	/**
	 * Several threads enqueue one by one while the workers run; what counts are the
	 * bodies.
	 */
	private Map<String, Object> mixed(Arguments arguments) throws InterruptedException {
		Enqueuers enqueuers = new Enqueuers(engine(), arguments.number("from"), arguments.number("to"));
		int before = Tally.bodies();
		Usage usage = Usage.start();
		enqueuers.run(arguments.number("threads"), Duration.ofMillis(arguments.number("millis")));
		return usage.stop(Map.of("count", Tally.bodies() - before, "enqueued", enqueuers.enqueued()));
	}

	/** Some threads enqueue at a fixed rate; bodies are counted by windows. */
	private Map<String, Object> paced(Arguments arguments) throws InterruptedException {
		Pace pace = new Pace(engine(), arguments.number("rate"), arguments.number("from"), arguments.number("window"));
		Usage usage = Usage.start();
		pace.run(arguments.number("threads"), arguments.number("millis"));
		return usage.stop(Map.of("count", pace.enqueued(), "windows", pace.windows()));
	}

	private Map<String, Object> waits(Arguments arguments) {
		int[] waits = Tally.waits(arguments.number("from"), arguments.number("to"));
		return Map.of("count", waits.length, "p50", percentile(waits, 0.5), "p95", percentile(waits, 0.95), "p99",
				percentile(waits, 0.99));
	}

	private static int percentile(int[] sorted, double share) {
		return (sorted.length == 0) ? 0 : sorted[(int) Math.ceil(share * sorted.length) - 1];
	}

	/** Leaves the engine alone for a while. */
	private static Map<String, Object> rest(Arguments arguments) throws InterruptedException {
		Usage usage = Usage.start();
		Thread.sleep(arguments.number("millis"));
		return usage.stop(Map.of());
	}

	/** Waits until as many bodies have run and nothing is left. */
	private Map<String, Object> await(Arguments arguments) {
		return Map.of("all", new Drain(engine()).awaitEmpty(arguments.number("count"), arguments.number("millis")));
	}

	private Map<String, Object> pause() {
		engine().pause();
		return Map.of();
	}

	private Map<String, Object> resume() {
		engine().resume();
		return Map.of();
	}

	private Map<String, Object> tally() {
		return Map.of("bodies", Tally.bodies(), "repeated", Tally.repeated(), "numbers",
				Base64.getEncoder().encodeToString(Tally.numbers().toByteArray()));
	}

	@Override
	public void close() {
		if (this.engine != null) {
			this.engine.close();
		}
	}

}
