package io.jobstarter.maintenance;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import io.jobstarter.Audit;
import io.jobstarter.DeadLetterFilter;
import io.jobstarter.RedriveCanary;
import io.jobstarter.RedriveState;
import io.jobstarter.fixture.DeadLetters;
import io.jobstarter.fixture.H2Jobs;
import io.jobstarter.store.Lane;
import io.jobstarter.store.RedriveStore;
import io.jobstarter.store.RedriveStore.NewRedrive;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

class AdvanceRedrivesTests {

	private static final Duration IDLE = Duration.ofSeconds(10);

	private final H2Jobs database = new H2Jobs(true);

	private final RedriveStore redrives = this.database.stores().operationsStore().redrives();

	private final List<Lane> wakeUps = new ArrayList<>();

	private final AdvanceRedrives duty = new AdvanceRedrives(this.database.stores().redriveSteps(), this.wakeUps::add);

	@AfterEach
	void close() {
		this.database.close();
	}

	private long start(String errorClass, RedriveCanary canary) {
		DeadLetters.add(this.database.sql()::sql, 3, "mail", errorClass);
		DeadLetterFilter filter = DeadLetterFilter.OPEN.withErrorClass(errorClass);
		return this.redrives
			.create(new NewRedrive(filter, this.redrives.count(filter), Duration.ofHours(1), canary, Audit.NONE));
	}

	private RedriveState state(long id) {
		return this.redrives.find(id).orElseThrow().state();
	}

	@Test
	void asksSeldomWhereNothingIsUnderWay() {
		assertThat(this.duty.run()).isEqualTo(IDLE);
		long id = start("BrokenDisk", RedriveCanary.NONE);
		this.redrives.cancel(id, Audit.NONE);
		assertThat(this.duty.run()).isEqualTo(IDLE);
	}

	@Test
	void goesOnWithEachRedriveAndWakesWorkers() {
		start("BrokenDisk", RedriveCanary.NONE);
		start("NoNetwork", new RedriveCanary(1, 1));
		assertThat(this.duty.run()).isEqualTo(Duration.ofMillis(500));
		assertThat(this.wakeUps).containsExactly(new Lane("default", 3, false), new Lane("default", 3, false));
		assertThat(this.database.count()).isEqualTo(2);
	}

	@Test
	void isInAHurryWhenThisNodeHasMadeARedrive() {
		List<String> hurries = new ArrayList<>();
		this.duty.hurriedBy(() -> hurries.add("now"));
		this.redrives.announce();
		assertThat(hurries).hasSize(1);
	}

	@Test
	void goesOnWithTheOthersIfOneFails() {
		long broken = start("BrokenDisk", RedriveCanary.NONE);
		long sound = start("NoNetwork", RedriveCanary.NONE);
		this.database.sql()
			.sql("update background_job_redrive set reason = 'no such reason' where id = :id")
			.param("id", broken)
			.update();
		this.database.sql()
			.sql("update background_job_redrive set pause_micros = 100, paced_until = timestamp '2020-01-01 00:00:00'")
			.update();
		assertThatExceptionOfType(IllegalArgumentException.class).isThrownBy(this.duty::run);
		assertThat(state(sound)).isEqualTo(RedriveState.DONE);
		assertThat(this.database.count()).isEqualTo(3);
	}

}
