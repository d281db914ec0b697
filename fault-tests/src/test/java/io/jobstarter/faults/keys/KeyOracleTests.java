package io.jobstarter.faults.keys;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

import io.jobstarter.faults.Keyed;
import io.jobstarter.faults.fleet.Strike;
import io.jobstarter.faults.fleet.Strike.Kind;
import io.jobstarter.faults.keys.KeyFacts.Body;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The judge of key tests finds what is planted.
 */
class KeyOracleTests {

	private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

	private final Map<Integer, Keyed> expected = new HashMap<>();

	private final List<Body> bodies = new ArrayList<>();

	private final Set<Long> effects = new TreeSet<>();

	private final List<Strike> strikes = new ArrayList<>();

	private static Instant at(int millis) {
		return START.plusMillis(millis);
	}

	private Body body(KeyKind kind, int number, int pid, int from, @Nullable Integer to) {
		this.expected.put(number, kind.payload(number, "a", 10, 0));
		Body body = new Body(this.bodies.size(), number, number, kind, "a", 1, pid, at(from),
				(to != null) ? at(to) : null);
		this.bodies.add(body);
		return body;
	}

	private void effect(int number, int from, int to) {
		this.effects.add(body(KeyKind.ONE_EFFECT, number, 1, from, to).id());
	}

	private void strike(Kind kind, int pid, int from, int to) {
		this.strikes.add(new Strike("node", pid, kind, at(from), at(to)));
	}

	private List<String> violations() {
		Set<Long> succeeded = new TreeSet<>();
		this.expected.keySet().forEach((number) -> succeeded.add((long) number));
		return new KeyOracle(new KeyFacts(Duration.ofSeconds(3), this.expected, this.strikes, this.bodies, this.effects,
				succeeded, List.of(), List.of()))
			.violations();
	}

	@Test
	void oneAfterTheOtherIsGood() {
		body(KeyKind.ONE, 1, 1, 0, 100);
		effect(2, 100, 200);
		body(KeyKind.LINE, 3, 1, 50, 100);
		body(KeyKind.LINE, 4, 2, 100, 150);
		assertThat(violations()).isEmpty();
	}

	@Test
	void findsTwoBodiesWhereOneMayRun() {
		body(KeyKind.ONE, 1, 1, 0, 100);
		effect(2, 99, 200);
		assertThat(violations()).singleElement().asString().contains("more than 1 bodies of one:a");
	}

	@Test
	void findsFourBodiesWhereThreeMayRun() {
		for (int number = 0; number < 3; number++) {
			body(KeyKind.THREE, number, 1, number, 100);
		}
		assertThat(violations()).isEmpty();
		body(KeyKind.THREE, 3, 2, 50, 60);
		assertThat(violations()).singleElement().asString().contains("more than 3");
	}

	@Test
	void findsEffectsThatOverlapEvenIfTheirNodeStoodStill() {
		strike(Kind.FREEZE, 1, 50, 4_000);
		effect(1, 0, 4_100);
		this.effects.add(body(KeyKind.ONE_EFFECT, 2, 2, 3_500, 3_600).id());
		assertThat(violations()).singleElement().asString().contains("transactions with an effect");
	}

	@Test
	void findsWhatRanOutOfOrder() {
		body(KeyKind.LINE, 2, 1, 0, 10);
		body(KeyKind.LINE, 1, 1, 20, 30);
		assertThat(violations()).singleElement().asString().contains("out of order");
	}

	@Test
	void findsOneThatRanBeforeTheRetryOfTheOneBeforeIt() {
		body(KeyKind.LINE, 1, 1, 0, 10);
		body(KeyKind.LINE, 2, 1, 20, 30);
		body(KeyKind.LINE, 1, 1, 200, 210);
		assertThat(violations()).singleElement().asString().contains("out of order");
	}

	@Test
	void aBodyOfAKilledNodeEndsWithIt() {
		body(KeyKind.ONE, 1, 1, 0, null);
		body(KeyKind.ONE, 1, 2, 3_000, 3_100);
		assertThat(violations()).isNotEmpty();
		strike(Kind.KILL, 1, 50, 60);
		assertThat(violations()).isEmpty();
	}

	@Test
	void aBodyThatGoesOnWithoutItsLeaseHasOneSecond() {
		strike(Kind.FREEZE, 1, 50, 4_000);
		body(KeyKind.ONE, 1, 1, 0, 5_000);
		body(KeyKind.ONE, 1, 2, 3_500, 3_600);
		assertThat(violations()).isEmpty();
		this.bodies.set(0, new Body(0, 1, 1, KeyKind.ONE, "a", 1, 1, at(0), at(5_001)));
		assertThat(violations()).singleElement().asString().contains("went on for 1.001 s");
	}

	@Test
	void whatWasClaimedBeforeAStopMayBeginAfterItAndHasToEnd() {
		strike(Kind.FREEZE, 1, 50, 4_000);
		body(KeyKind.ONE, 1, 2, 3_900, 4_100);
		body(KeyKind.ONE, 1, 1, 4_001, 4_900);
		assertThat(violations()).isEmpty();
		body(KeyKind.ONE, 1, 1, 4_001, 5_100);
		assertThat(violations()).isNotEmpty();
	}

	@Test
	void findsAMissingEffectAndAJobThatHasNotSucceeded() {
		body(KeyKind.ONE_EFFECT, 1, 1, 0, 10);
		this.expected.put(9, KeyKind.ONE.payload(9, "a", 1, 0));
		assertThat(violations()).hasSize(2);
	}

}
