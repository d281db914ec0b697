package io.jobstarter.rehearsal;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;

import org.springframework.boot.DefaultApplicationArguments;

/**
 * Rehearses alerts: the sample application under load, a real Prometheus with the rules
 * that are delivered, and an outage. Prints which alerts fire, and when they clear after
 * it. {@code --factor=60} says by what the durations of the rules are divided (60 makes
 * an hour a minute), {@code --deliveries=20} how many deliveries there are in a second,
 * {@code --url=jdbc:…} on which database, {@code --prometheus=/usr/bin/prometheus} what
 * program, and {@code --rules=…} what rules.
 */
public final class AlertRehearsal implements AutoCloseable {

	/** What a broken downstream system, poison and people have to raise. */
	static final Set<String> EXPECTED = Set.of("BackgroundJobsBreakerOpen", "BackgroundJobsDeadLetters",
			"BackgroundJobsDeadLetterRate", "BackgroundJobsDeadLettersUnresolved", "BackgroundJobsQueueLate",
			"BackgroundJobsQueuePaused", "BackgroundJobsQueueWithoutWorker");

	private static final long LOOK = TimeUnit.MILLISECONDS.toNanos(200);

	private final SampleUnderLoad sample;

	private final PrometheusServer prometheus;

	AlertRehearsal(String url, int deliveries, Path program, Path data, Duration interval, String rules) {
		this.sample = new SampleUnderLoad(url, deliveries);
		try {
			this.prometheus = PrometheusServer.start(program, data, this.sample.port(), interval, rules);
		}
		catch (RuntimeException ex) {
			this.sample.close();
			throw ex;
		}
	}

	/**
	 * Rehearses.
	 * @param args the options
	 */
	public static void main(String[] args) {
		DefaultApplicationArguments options = new DefaultApplicationArguments(args);
		int factor = Integer.parseInt(option(options, "factor", "60"));
		Duration interval = Duration.ofSeconds(1);
		String rules = new ScaledRules(factor, interval.multipliedBy(5), 2)
			.scale(read(Path.of(option(options, "rules", "../monitoring/prometheus/background-jobs.rules.yml"))));
		try (AlertRehearsal rehearsal = new AlertRehearsal(option(options, "url", Rehearsal.ownDatabase()),
				Integer.parseInt(option(options, "deliveries", "20")),
				Path.of(option(options, "prometheus", "/usr/bin/prometheus")), Path.of("target"), interval, rules)) {
			Duration patience = Duration.ofDays(1).dividedBy(factor).multipliedBy(2).plusMinutes(2);
			rehearsal.settle();
			// An application that has just begun is late for a moment.
			rehearsal.awaitSilence(Duration.ofMinutes(2));
			System.out.println("Before the outage these fire: " + rehearsal.prometheus().firing());
			rehearsal.sample().breakDown();
			print("fired", rehearsal.await(EXPECTED::contains, patience));
			rehearsal.sample().mend();
			print("cleared", rehearsal.awaitSilence(patience));
		}
		System.exit(0);
	}

	static String read(Path file) {
		try {
			return Files.readString(file);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	private static void print(String what, Map<String, Duration> times) {
		times.forEach(
				(alert, time) -> System.out.printf("%-40s %s after %.1f s%n", alert, what, time.toMillis() / 1000.0));
		Set<String> missing = new TreeSet<>(EXPECTED);
		missing.removeAll(times.keySet());
		System.out.println(missing.isEmpty() ? "All that were expected have " + what + "."
				: "THESE HAVE NOT " + what.toUpperCase(Locale.ROOT) + ": " + missing);
	}

	private static String option(DefaultApplicationArguments options, String name, String otherwise) {
		return options.containsOption(name) ? options.getOptionValues(name).get(0) : otherwise;
	}

	SampleUnderLoad sample() {
		return this.sample;
	}

	PrometheusServer prometheus() {
		return this.prometheus;
	}

	/**
	 * Waits until there are rates.
	 */
	void settle() {
		long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
		while (this.prometheus.query("rate(background_jobs_execution_seconds_count[5s]) > 0").isEmpty()
				&& System.nanoTime() < end) {
			LockSupport.parkNanos(LOOK);
		}
	}

	/**
	 * Waits until all alerts that are expected have fired.
	 * @param expected which are
	 * @param patience how long at most
	 * @return when each fired for the first time, also those that nobody expected
	 */
	Map<String, Duration> await(Predicate<String> expected, Duration patience) {
		Map<String, Duration> fired = new LinkedHashMap<>();
		long start = System.nanoTime();
		long missing = EXPECTED.stream().filter(expected).count();
		while (fired.keySet().stream().filter(expected).count() < missing && age(start).compareTo(patience) < 0) {
			this.prometheus.firing().forEach((alert) -> fired.putIfAbsent(alert, age(start)));
			LockSupport.parkNanos(LOOK);
		}
		return fired;
	}

	/**
	 * Waits until no alert fires any more.
	 * @param patience how long at most
	 * @return when each stopped to fire that does so no more
	 */
	Map<String, Duration> awaitSilence(Duration patience) {
		Map<String, Duration> cleared = new LinkedHashMap<>();
		long start = System.nanoTime();
		Set<String> before = this.prometheus.firing();
		Set<String> firing = before;
		while (!firing.isEmpty() && age(start).compareTo(patience) < 0) {
			LockSupport.parkNanos(LOOK);
			// Some die of what was delivered before.
			this.sample.discardDeadLetters();
			firing = this.prometheus.firing();
			for (String alert : before) {
				if (firing.contains(alert)) {
					cleared.remove(alert);
				}
				else {
					cleared.putIfAbsent(alert, age(start));
				}
			}
		}
		return cleared;
	}

	private static Duration age(long start) {
		return Duration.ofNanos(System.nanoTime() - start);
	}

	@Override
	public void close() {
		this.prometheus.close();
		this.sample.close();
	}

}
