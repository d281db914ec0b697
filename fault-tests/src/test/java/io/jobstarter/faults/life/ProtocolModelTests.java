package io.jobstarter.faults.life;

import java.util.EnumSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;

import io.jobstarter.faults.life.Explorer.Found;
import io.jobstarter.faults.life.ProtocolModel.Fault;
import io.jobstarter.faults.life.ProtocolModel.Size;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The model of the protocol holds in every state, and what each guard is for shows as
 * soon as it is left out.
 */
class ProtocolModelTests {

	private static final Size STOPS_AND_CRASHES = size(1, 2, 1, 1, Fault.STOP, Fault.CRASH);

	private static final Size OUTAGES = size(1, 2, 1, 1, Fault.STOP, Fault.OUTAGE);

	private static final Size NETWORK = size(1, 2, 1, 1, Fault.STOP, Fault.NETWORK);

	private static final Size CRASHES_AND_NETWORK = size(1, 2, 1, 1, Fault.CRASH, Fault.NETWORK);

	/** In which an old body and a new claim of one job meet on a node. */
	private static final Size TWO_SLOTS = size(1, 1, 2, 2, Fault.STOP, Fault.NETWORK);

	/** Of which one waits for the other's permit. */
	private static final Size TWO_JOBS = size(2, 2, 1, 1, Fault.STOP);

	private static final List<Size> SIZES = List.of(CRASHES_AND_NETWORK, STOPS_AND_CRASHES, OUTAGES, TWO_SLOTS,
			TWO_JOBS, NETWORK);

	private static Size size(int jobs, int nodes, int slots, int claims, Fault first, Fault... others) {
		return new Size(jobs, nodes, slots, nodes + 1, claims, EnumSet.of(first, others));
	}

	static Stream<Size> sizes() {
		return SIZES.stream();
	}

	@ParameterizedTest
	@MethodSource("sizes")
	void holdsInEveryState(Size size) {
		Found found = explore(size, Set.of());
		System.out.println("Model of " + size + ": " + found.states() + " states");
		assertThat(found.broken()).isNull();
	}

	@ParameterizedTest
	@EnumSource(Guard.class)
	void findsOutWhatEachGuardIsFor(Guard guard) {
		String broken = SIZES.stream()
			.map((size) -> explore(size, Set.of(guard)).broken())
			.filter(Objects::nonNull)
			.findFirst()
			.orElse(null);
		assertThat(broken).as("what happens without " + guard).isNotNull();
		System.out.println("Model without " + guard + ": " + broken.lines().findFirst().orElseThrow() + ", after "
				+ (broken.lines().count() / 2) + " steps");
	}

	@Test
	void tellsTheWayToWhatIsWrong() {
		String broken = explore(STOPS_AND_CRASHES, Set.of(Guard.FENCE)).broken();
		assertThat(broken).startsWith("a claim of job 0 ends in the name of another").contains("node 0 claims job 0");
	}

	private static Found explore(Size size, Set<Guard> missing) {
		return Explorer.explore(new ProtocolModel(size, missing));
	}

}
