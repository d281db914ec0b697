package io.jobstarter.faults;

import java.time.Duration;

import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.context.SmartLifecycle;
import org.springframework.stereotype.Component;

/**
 * Something in the application that takes a while to stop, after the engine has.
 */
@Component
@ConditionalOnProperty("node.slow-end")
class SlowEnd implements SmartLifecycle {

	private final Duration length;

	private volatile boolean running;

	SlowEnd(@Value("${node.slow-end}") Duration length) {
		this.length = length;
	}

	@Override
	public void start() {
		this.running = true;
	}

	@Override
	public void stop() {
		try {
			Jobs.take((int) this.length.toMillis());
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
		this.running = false;
	}

	@Override
	public boolean isRunning() {
		return this.running;
	}

	@Override
	public int getPhase() {
		return 0;
	}

}
