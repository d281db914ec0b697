package io.jobstarter.support;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

import io.jobstarter.JobEvent;
import io.jobstarter.JobId;
import org.junit.jupiter.api.Test;

import org.springframework.context.ApplicationEventPublisher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatNoException;

class SafeEventsTests {

	private final JobEvent event = new JobEvent.Enqueued(new JobId(1), "greet", "default");

	@Test
	void handsEventsOn() {
		List<Object> seen = new ArrayList<>();
		new SafeEvents(publisher(seen::add)).publish(this.event);
		assertThat(seen).containsExactly(this.event);
	}

	@Test
	void aListenerThatFailsChangesNothing() {
		SafeEvents events = new SafeEvents(publisher((event) -> {
			throw new StackOverflowError();
		}));
		assertThatNoException().isThrownBy(() -> events.publish(this.event));
	}

	@Test
	void aListenerWhoseErrorCannotEvenBeLoggedChangesNothing() {
		SafeEvents events = new SafeEvents(publisher((event) -> {
			throw new IllegalStateException() {
				@Override
				public String getMessage() {
					throw new IllegalStateException();
				}
			};
		}));
		assertThatNoException().isThrownBy(() -> events.publish(this.event));
	}

	private static ApplicationEventPublisher publisher(Consumer<Object> listener) {
		return listener::accept;
	}

}
