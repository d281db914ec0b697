package io.jobstarter.worker;

import java.util.Set;

import io.jobstarter.store.ClaimRequest.LaneStart;
import io.jobstarter.store.Lane;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class LaneMemoryTests {

	private static final Lane FOUND = new Lane("default", 0, false);

	private static final Lane NAMED = new Lane("default", 7, false);

	private final LaneMemory memory = new LaneMemory();

	@Test
	void keepsALaneThatAWakeUpNamesWhileLanesAreRead() {
		this.memory.refresh(() -> {
			this.memory.add(NAMED);
			return Set.of(FOUND);
		});
		assertThat(this.memory.starts("default", (lane) -> 0)).containsExactly(new LaneStart(NAMED, 0),
				new LaneStart(FOUND, 0));
	}

	@Test
	void forgetsALaneThatIsNotFoundAnyMore() {
		this.memory.add(NAMED);
		this.memory.refresh(() -> Set.of(FOUND));
		assertThat(this.memory.starts("default", (lane) -> 0)).containsExactly(new LaneStart(FOUND, 0));
	}

	@Test
	void forgetsAQueueWithTheLastOfItsLanes() {
		this.memory.add(new Lane("tenant-1", 0, false));
		this.memory.refresh(() -> Set.of(FOUND));
		assertThat(this.memory.queues()).containsExactly("default");
		this.memory.add(new Lane("tenant-1", 0, false));
		this.memory.add(new Lane("a", 0, false));
		assertThat(this.memory.queues()).containsExactly("a", "default", "tenant-1");
	}

}
