package io.jobstarter.faults;

import io.jobstarter.BackgroundJob;

import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.stereotype.Component;

/**
 * Handlers that no node starts with, unless {@code node.mistake} says that one is to try.
 */
public final class Mistakes {

	/** Says which mistake a node has, as Spring Boot's arguments do. */
	public static final String SETTING = "--node.mistake=";

	/** A name that two handlers have. */
	public static final String TWICE = "twice";

	/** A handler that nobody can call. */
	public static final String HIDDEN = "hidden";

	private static final String MISTAKE = "node.mistake";

	private Mistakes() {
	}

	/**
	 * What one of the handlers takes.
	 */
	public record Once() {
	}

	/**
	 * What another one takes.
	 */
	public record Again() {
	}

	/**
	 * What the hidden one takes.
	 */
	public record Hidden() {
	}

	/**
	 * Has two handlers of one name.
	 */
	@Component
	@ConditionalOnProperty(name = MISTAKE, havingValue = TWICE)
	static class Twins {

		@BackgroundJob(name = TWICE)
		void once(Once job) {
		}

		@BackgroundJob(name = TWICE)
		void again(Again job) {
		}

	}

	/**
	 * Has a handler that is private.
	 */
	@Component
	@ConditionalOnProperty(name = MISTAKE, havingValue = HIDDEN)
	static class Recluse {

		@BackgroundJob
		private void hidden(Hidden job) {
		}

	}

}
