package io.jobstarter.benchmarks.suite;

import io.jobstarter.benchmarks.Plan;
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
	 * @param plan how much is measured
	 * @return whether it is
	 */
	default boolean isFor(EngineKind kind, Plan plan) {
		return true;
	}

	/**
	 * How often it is measured. One that takes long repeats within its only round.
	 * @param plan how much is measured
	 * @return the number of rounds
	 */
	default int rounds(Plan plan) {
		return plan.rounds();
	}

	/**
	 * Measures.
	 * @param bench the engine and its database
	 */
	void run(Bench bench);

}
