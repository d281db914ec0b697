package io.jobstarter.benchmarks.suite;

import io.jobstarter.benchmarks.engine.EngineKind;

/**
 * Scenarios that are measured together, in one go for an engine and a round.
 */
public interface Suite {

	/**
	 * What it is called.
	 * @return the name
	 */
	String name();

	/**
	 * Tells whether it is measured for an engine.
	 * @param kind the engine
	 * @return whether it is
	 */
	default boolean isFor(EngineKind kind) {
		return true;
	}

	/**
	 * Measures.
	 * @param bench the engine and its database
	 */
	void run(Bench bench);

}
