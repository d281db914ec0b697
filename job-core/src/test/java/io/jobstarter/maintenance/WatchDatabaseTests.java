package io.jobstarter.maintenance;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

import io.jobstarter.store.DatabaseWatch.Holder;
import io.jobstarter.store.DatabaseWatch.Sight;
import io.jobstarter.store.DatabaseWatch.TableSize;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.dao.PermissionDeniedDataAccessException;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests of {@link WatchDatabase}.
 */
@ExtendWith(OutputCaptureExtension.class)
class WatchDatabaseTests {

	private static final String WARNING = "An old snapshot holds back vacuum";

	private final AtomicLong nanos = new AtomicLong();

	private final List<Holder> holders = new ArrayList<>();

	private long self = 7;

	private boolean forbidden;

	private final WatchDatabase duty = new WatchDatabase(this::sight, Duration.ofMinutes(5), () -> this.self,
			this.nanos::get);

	private Sight sight() {
		if (this.forbidden) {
			throw new PermissionDeniedDataAccessException("no", null);
		}
		return new Sight(List.of(new TableSize("job", 8192, 3L)), List.copyOf(this.holders), 7);
	}

	private static Holder session(String pid, String horizon, @Nullable Duration age) {
		return new Holder("session", pid, "psql\n\u001b[31m", "bob", "idle in transaction", horizon, age);
	}

	private void later(Duration time) {
		this.nanos.addAndGet(time.toNanos());
		this.duty.run();
	}

	@Test
	void warnsOnceOfEachOldSnapshotAndNamesIt(CapturedOutput output) {
		this.holders.add(session("4711", "100", Duration.ofMinutes(6)));
		this.duty.run();
		later(Duration.ofMinutes(1));
		assertThat(output).containsOnlyOnce(WARNING)
			.contains("pid 4711", "psql", "user bob", "state idle in transaction", "PT6M")
			.doesNotContain("\u001b[31m");
		assertThat(this.duty.condition()).isNotNull();
		assertThat(this.duty.condition().heldBack()).isEqualTo(Duration.ofMinutes(6));
		this.holders.set(0, session("4711", "200", Duration.ofMinutes(7)));
		later(Duration.ofMinutes(1));
		assertThat(output.getOut().split(WARNING)).hasSize(3);
	}

	@Test
	void doesNotAccuseABusySessionOfTheHorizonOfAnother(CapturedOutput output) {
		this.holders.add(session("1", "100", Duration.ofMinutes(6)));
		this.holders.add(session("2", "100", Duration.ofMillis(3)));
		this.duty.run();
		later(Duration.ofMinutes(6));
		assertThat(output).containsOnlyOnce(WARNING).contains("pid 1 ").doesNotContain("pid 2 ");
	}

	@Test
	void measuresByItselfWhatTheRoleMayNotSee(CapturedOutput output) {
		this.holders.add(session("4711", "100", null));
		this.duty.run();
		later(Duration.ofMinutes(4));
		assertThat(output).doesNotContain(WARNING);
		later(Duration.ofMinutes(1));
		assertThat(output).contains(WARNING, "PT5M");
		this.holders.clear();
		later(Duration.ofMinutes(1));
		assertThat(this.duty.condition().heldBack()).isZero();
	}

	@Test
	void leavesTheWarningToTheOldestNode(CapturedOutput output) {
		this.self = 8;
		this.holders.add(session("4711", "100", Duration.ofMinutes(6)));
		this.duty.run();
		assertThat(output).doesNotContain(WARNING);
		assertThat(this.duty.condition().heldBack()).isEqualTo(Duration.ofMinutes(6));
	}

	@Test
	void warnsOfWhatIsOldAlreadyWhenItBecomesTheOldestNode(CapturedOutput output) {
		this.self = 8;
		this.holders.add(session("4711", "100", Duration.ofMinutes(6)));
		this.duty.run();
		this.self = 7;
		later(Duration.ofMinutes(1));
		later(Duration.ofMinutes(1));
		assertThat(output).containsOnlyOnce(WARNING);
	}

	@Test
	void doesNotFailWhereItMayNotLook() {
		this.duty.run();
		assertThat(this.duty.condition()).isNotNull();
		this.forbidden = true;
		assertThat(this.duty.run()).isGreaterThan(Duration.ofMinutes(1));
		assertThat(this.duty.condition()).isNull();
	}

}
