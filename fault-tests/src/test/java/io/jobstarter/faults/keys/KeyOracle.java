package io.jobstarter.faults.keys;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

import io.jobstarter.faults.fleet.Strike;
import io.jobstarter.faults.fleet.Strike.Kind;
import io.jobstarter.faults.keys.KeyFacts.Body;
import io.jobstarter.faults.oracle.Timeline;

/**
 * Judges a key test. A body counts from its begin to its end, or until its node was
 * killed or stopped: from then on another may have its permit, since the lease ends. What
 * goes on after a stop longer than the lease has one second to end.
 */
final class KeyOracle {

	/** How soon a body ends that goes on without its lease. */
	static final Duration GRACE = Duration.ofSeconds(1);

	private final KeyFacts facts;

	private final Map<Long, List<Strike>> strikes;

	private final Map<String, List<Body>> byLock;

	private final List<String> violations = new ArrayList<>();

	KeyOracle(KeyFacts facts) {
		this.facts = facts;
		this.strikes = facts.strikes().stream().collect(Collectors.groupingBy(Strike::pid));
		this.byLock = facts.bodies()
			.stream()
			.collect(Collectors.groupingBy(Body::lock, TreeMap::new, Collectors.toList()));
	}

	/**
	 * Judges.
	 * @return what is wrong, a sentence each
	 */
	List<String> violations() {
		this.violations.clear();
		this.violations.addAll(this.facts.held());
		this.violations.addAll(this.facts.left());
		checkEnds();
		this.byLock.values().forEach(this::checkBodies);
		this.byLock.values().forEach(this::checkEffects);
		this.byLock.values().forEach(this::checkOrder);
		this.facts.bodies().forEach(this::checkGrace);
		return List.copyOf(this.violations);
	}

	/**
	 * Sums the run up.
	 * @return one line
	 */
	String summary() {
		long kills = this.facts.strikes().stream().filter((strike) -> strike.kind() == Kind.KILL).count();
		return "%d of %d jobs succeeded, %d bodies over %d keys, %d effects; %d kills and %d freezes; ".formatted(
				this.facts.succeeded().size(), this.facts.expected().size(), this.facts.bodies().size(),
				this.byLock.size(), this.facts.effects().size(), kills, this.facts.strikes().size() - kills)
				+ "%d bodies went on without their lease, for at most %s".formatted(overruns().size(),
						Timeline.seconds(overruns().stream().max(Comparator.naturalOrder()).orElse(Duration.ZERO)));
	}

	private List<Duration> overruns() {
		return this.facts.bodies().stream().flatMap((body) -> overrun(body).stream()).toList();
	}

	private void checkEnds() {
		Map<Integer, Set<Long>> jobs = this.facts.bodies()
			.stream()
			.collect(Collectors.groupingBy(Body::number, Collectors.mapping(Body::jobId, Collectors.toSet())));
		Map<Integer, Long> effects = this.facts.bodies()
			.stream()
			.filter((body) -> this.facts.effects().contains(body.id()))
			.collect(Collectors.groupingBy(Body::number, Collectors.counting()));
		this.facts.expected().forEach((number, job) -> {
			Set<Long> ids = jobs.getOrDefault(number, Set.of());
			if (ids.size() != 1 || !this.facts.succeeded().containsAll(ids)) {
				this.violations.add("job " + number + ", stored as " + ids + ", has not succeeded once");
			}
			long due = KeyKind.named(job.getClass().getSimpleName()).hasEffect() ? 1 : 0;
			long there = effects.getOrDefault(number, 0L);
			if (there != due) {
				this.violations.add("job " + number + " has " + there + " effects, not " + due);
			}
		});
	}

	private void checkBodies(List<Body> bodies) {
		int limit = bodies.get(0).kind().limit();
		List<Span> spans = bodies.stream().flatMap((body) -> rightful(body).stream()).toList();
		overlap(spans, limit).ifPresent((found) -> this.violations
			.add("more than " + limit + " bodies of " + bodies.get(0).lock() + " ran at the same time: " + found));
	}

	// Of nodes that were stopped, too: what they do without their lease is rolled back.
	private void checkEffects(List<Body> bodies) {
		List<Span> spans = bodies.stream()
			.filter((body) -> this.facts.effects().contains(body.id()))
			.map((body) -> new Span(body, body.from(), (body.to() != null) ? body.to() : Instant.MAX))
			.toList();
		overlap(spans, 1).ifPresent((found) -> this.violations
			.add("transactions with an effect of " + bodies.get(0).lock() + " overlap: " + found));
	}

	private void checkOrder(List<Body> bodies) {
		if (!bodies.get(0).kind().inOrder()) {
			return;
		}
		Map<Long, List<Span>> byJob = bodies.stream()
			.flatMap((body) -> rightful(body).stream())
			.collect(Collectors.groupingBy((span) -> span.body().jobId(), TreeMap::new, Collectors.toList()));
		List<Span> last = List.of();
		Instant over = Instant.MIN;
		for (List<Span> spans : byJob.values()) {
			if (begin(spans).isBefore(over)) {
				this.violations.add("out of order: " + last + " was not over when these began: " + spans);
			}
			if (end(spans).isAfter(over)) {
				over = end(spans);
				last = spans;
			}
		}
	}

	private static Instant begin(List<Span> spans) {
		return spans.stream().map(Span::from).min(Comparator.naturalOrder()).orElse(Instant.MAX);
	}

	private static Instant end(List<Span> spans) {
		return spans.stream().map(Span::to).max(Comparator.naturalOrder()).orElse(Instant.MIN);
	}

	private void checkGrace(Body body) {
		overrun(body).filter((overrun) -> overrun.compareTo(GRACE) > 0)
			.ifPresent((overrun) -> this.violations.add("the body " + body + " went on for " + Timeline.seconds(overrun)
					+ " after a stop of its node that was longer than its lease"));
	}

	// How long it went on after its lease had ended while its node stood still.
	private Optional<Duration> overrun(Body body) {
		Instant to = body.to();
		if (to == null) {
			return Optional.empty();
		}
		return strikesOn(body).stream()
			.filter(this::endsLease)
			.filter((strike) -> body.from().isBefore(strike.from()) && to.isAfter(strike.to()))
			.map((strike) -> Duration.between(strike.to(), to))
			.max(Comparator.naturalOrder());
	}

	private boolean endsLease(Strike strike) {
		return strike.kind() == Kind.FREEZE && strike.length().compareTo(this.facts.lease()) > 0;
	}

	private Collection<Strike> strikesOn(Body body) {
		return this.strikes.getOrDefault(body.pid(), List.of());
	}

	/**
	 * The time in which a body surely had its permit, or none: what was claimed before a
	 * stop may begin after it, and has to end soon then, too.
	 */
	private Optional<Span> rightful(Body body) {
		Instant end = (body.to() != null) ? body.to() : Instant.MAX;
		for (Strike strike : strikesOn(body)) {
			if (body.from().isBefore(strike.from()) && end.isAfter(strike.from())) {
				end = strike.from();
			}
			else if (endsLease(strike) && !body.from().isBefore(strike.from())
					&& !end.isAfter(strike.to().plus(GRACE))) {
				return Optional.empty();
			}
			else if (strike.kind() == Kind.KILL && end.isAfter(strike.to())) {
				end = strike.to();
			}
		}
		return Optional.of(new Span(body, body.from(), end));
	}

	private static Optional<List<Body>> overlap(List<Span> spans, int limit) {
		List<Span> sorted = spans.stream().sorted(Comparator.comparing(Span::from)).toList();
		Set<Span> running = new HashSet<>();
		for (Span span : sorted) {
			running.removeIf((other) -> !other.to().isAfter(span.from()));
			running.add(span);
			if (running.size() > limit) {
				return Optional.of(running.stream().map(Span::body).toList());
			}
		}
		return Optional.empty();
	}

	/**
	 * A body, and when it counts.
	 */
	private record Span(Body body, Instant from, Instant to) {
	}

}
