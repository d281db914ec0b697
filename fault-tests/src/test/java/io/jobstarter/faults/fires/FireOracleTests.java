package io.jobstarter.faults.fires;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;

import io.jobstarter.faults.fires.FireFacts.Fire;
import io.jobstarter.faults.fires.FireFacts.Tick;
import io.jobstarter.faults.fleet.Strike;
import io.jobstarter.faults.fleet.Strike.Kind;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The judge of fire tests finds what is planted.
 */
class FireOracleTests {

	private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

	private static final Duration EVERY = Duration.ofSeconds(5);

	private final List<Fire> fires = new ArrayList<>();

	private final List<Tick> ticks = new ArrayList<>();

	private final List<Strike> strikes = new ArrayList<>();

	private final TreeSet<Long> succeeded = new TreeSet<>();

	private final List<String> broken = new ArrayList<>();

	@BeforeEach
	void plantAGoodRun() {
		for (int i = 0; i < 4; i++) {
			Instant at = START.plus(EVERY.multipliedBy(i));
			this.fires.add(new Fire(at, i, at.plusMillis(3)));
			this.ticks.add(new Tick(at, i, 7, at.plusMillis(9)));
			this.succeeded.add((long) i);
		}
	}

	private List<String> violations() {
		return new FireOracle(new FireFacts(EVERY, this.strikes, this.fires, this.ticks, this.succeeded, this.broken))
			.violations();
	}

	@Test
	void aGoodRunIsGood() {
		assertThat(violations()).isEmpty();
	}

	@Test
	void findsAnInstantThatDidNotFire() {
		this.succeeded.remove(this.fires.remove(2).jobId());
		this.ticks.remove(2);
		assertThat(violations()).singleElement().asString().contains("00:00:15Z, not at 2026-01-01T00:00:10Z");
	}

	@Test
	void findsASecondJobOfAFire() {
		this.ticks.add(new Tick(START, 9, 7, START.plusSeconds(1)));
		assertThat(violations()).singleElement().asString().contains("has the jobs");
		this.succeeded.add(9L);
		assertThat(violations()).anyMatch((text) -> text.contains("job 9 belongs to no fire"));
	}

	@Test
	void findsAFireThatIsLateOrEarly() {
		this.fires.set(1, new Fire(this.fires.get(1).at(), 1, this.fires.get(1).at().plusMillis(5_001)));
		this.fires.set(2, new Fire(this.fires.get(2).at(), 2, this.fires.get(2).at().minusMillis(1)));
		assertThat(violations()).hasSize(2);
	}

	@Test
	void findsAJobThatWasLost() {
		this.succeeded.remove(3L);
		assertThat(violations()).singleElement().asString().contains("has not succeeded");
	}

	@Test
	void aBodyStartsAgainOnlyAfterAStrike() {
		this.ticks.add(new Tick(START, 0, 8, START.plusSeconds(6)));
		assertThat(violations()).singleElement().asString().contains("started 2 times");
		this.strikes.add(new Strike("node-1", 7, Kind.KILL, START, START.plusMillis(50)));
		assertThat(violations()).isEmpty();
	}

	@Test
	void findsWhatTheInvariantsFind() {
		this.broken.add("is blocked by nothing");
		assertThat(violations()).containsExactly("is blocked by nothing");
	}

}
