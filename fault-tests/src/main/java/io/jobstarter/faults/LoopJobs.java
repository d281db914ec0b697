package io.jobstarter.faults;

import java.lang.reflect.Field;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;

import io.jobstarter.BackgroundJob;
import io.jobstarter.autoconfigure.actuate.BackgroundJobHealthCheck;
import io.jobstarter.support.SupervisedLoop;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.stereotype.Component;
import org.springframework.util.ReflectionUtils;

/**
 * Jobs that harm the engine's own threads in the node that runs them.
 */
@Component
public class LoopJobs {

	/** What a line of the log begins with that tells of a thread's death. */
	public static final String DIED = "@@ died ";

	private final ObjectProvider<BackgroundJobHealthCheck> health;

	LoopJobs(ObjectProvider<BackgroundJobHealthCheck> health) {
		this.health = health;
	}

	/**
	 * Lets statements of an engine's thread fail by errors.
	 *
	 * @param thread the thread
	 * @param times how many statements
	 */
	public record Fail(String thread, int times) {
	}

	/**
	 * Ends an engine's thread without the loop's knowledge, and says in the log how the
	 * node's health is while it is dead.
	 *
	 * @param thread the thread
	 */
	public record Die(String thread) {
	}

	@BackgroundJob(queue = "harm")
	void failLoop(Fail fail) {
		LoopFaults.throwAt(fail.thread(), fail.times());
	}

	@BackgroundJob(queue = "harm")
	void endLoop(Die die) throws InterruptedException {
		SupervisedLoop loop = loop(die.thread());
		keepJvmAlive();
		Thread thread = Objects.requireNonNull((Thread) get(loop, "thread"));
		// A loop goes on for as long as its thread is its own.
		Thread dead = new Thread(() -> {
		});
		set(loop, "thread", dead);
		while (thread.isAlive()) {
			set(loop, "woken", true);
			LockSupport.unpark(thread);
			thread.join(1);
		}
		String status = this.health.getObject().check().status();
		// Otherwise it was started again before anybody could look.
		if (get(loop, "thread") == dead) {
			System.out.println(DIED + die.thread() + " " + status);
		}
	}

	// As a web server does: the JVM ends with its last thread that is no daemon, and that
	// may be the one to die here.
	private static void keepJvmAlive() {
		Thread web = new Thread(() -> LockSupport.parkNanos(5_000_000_000L), "web");
		web.setDaemon(false);
		web.start();
	}

	private static SupervisedLoop loop(String thread) {
		return ((Set<?>) Objects.requireNonNull(get(null, "STARTED"))).stream()
			.map(SupervisedLoop.class::cast)
			.filter((loop) -> loop.condition().name().equals(thread))
			.findFirst()
			.orElseThrow();
	}

	private static @Nullable Object get(@Nullable SupervisedLoop loop, String field) {
		return ReflectionUtils.getField(field(field), loop);
	}

	private static void set(SupervisedLoop loop, String field, Object value) {
		ReflectionUtils.setField(field(field), loop, value);
	}

	private static Field field(String name) {
		Field field = Objects.requireNonNull(ReflectionUtils.findField(SupervisedLoop.class, name));
		ReflectionUtils.makeAccessible(field);
		return field;
	}

}
