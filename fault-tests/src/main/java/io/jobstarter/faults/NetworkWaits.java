package io.jobstarter.faults;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadInfo;
import java.lang.management.ThreadMXBean;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;

import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.DisposableBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.context.event.EventListener;
import org.springframework.stereotype.Component;

/**
 * Measures how long threads of the engine wait for an answer from the network, and tells
 * of each whole second of it in the node's output, if {@code node.waits} is set. A thread
 * is in one and the same wait while it reads from a socket and does not use the
 * processor.
 */
@Component
@ConditionalOnProperty("node.waits")
public class NetworkWaits implements DisposableBean {

	/** What each line begins with; the thread follows, and the seconds. */
	public static final String MARK = "~~ ";

	private static final String ENGINE = "background-jobs";

	private static final Duration LOOK = Duration.ofMillis(100);

	private static final int TOP = 12;

	private final ThreadMXBean threads = ManagementFactory.getThreadMXBean();

	private final Map<Long, Wait> waits = new HashMap<>();

	private volatile boolean stopped;

	@EventListener(ApplicationReadyEvent.class)
	void start() {
		Thread thread = new Thread(this::look, "network-waits");
		thread.setDaemon(true);
		thread.start();
	}

	@Override
	public void destroy() {
		this.stopped = true;
	}

	private void look() {
		while (!this.stopped) {
			Set<Long> waiting = new HashSet<>();
			for (ThreadInfo info : this.threads.getThreadInfo(this.threads.getAllThreadIds(), TOP)) {
				if (isEngine(info) && reads(info)) {
					waiting.add(info.getThreadId());
					look(info);
				}
			}
			this.waits.keySet().retainAll(waiting);
			LockSupport.parkNanos(LOOK.toNanos());
		}
	}

	private void look(ThreadInfo info) {
		long used = this.threads.getThreadCpuTime(info.getThreadId());
		Wait wait = this.waits.get(info.getThreadId());
		if (wait == null || wait.used != used) {
			this.waits.put(info.getThreadId(), new Wait(used));
			return;
		}
		long seconds = Duration.ofNanos(System.nanoTime() - wait.since).toSeconds();
		if (seconds > wait.told) {
			wait.told = seconds;
			System.out.println(MARK + info.getThreadName().replace(' ', '_') + " " + seconds);
		}
	}

	// Without jobs' threads: what these wait for is their own affair.
	private static boolean isEngine(@Nullable ThreadInfo info) {
		return info != null && info.getThreadName().startsWith(ENGINE)
				&& !info.getThreadName().matches(ENGINE + "-\\d+");
	}

	private static boolean reads(ThreadInfo info) {
		return Arrays.stream(info.getStackTrace())
			.anyMatch((frame) -> frame.getClassName().equals("sun.nio.ch.NioSocketImpl"));
	}

	/**
	 * One wait of a thread.
	 */
	private static final class Wait {

		private final long used;

		private final long since = System.nanoTime();

		private long told;

		Wait(long used) {
			this.used = used;
		}

	}

}
