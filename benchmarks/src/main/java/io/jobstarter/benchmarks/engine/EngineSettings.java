package io.jobstarter.benchmarks.engine;

/**
 * How an engine is opened in a JVM.
 *
 * @param url the database
 * @param user the user
 * @param password the password
 * @param pool how many connections the application's pool has
 * @param workers whether this JVM runs jobs; if not, it only enqueues
 * @param queues how many queues there are; only this project's engine has several
 * @param property one more property of this project's engine as {@code key=value}, or an
 * empty text
 */
public record EngineSettings(String url, String user, String password, int pool, boolean workers, int queues,
		String property) {
}
