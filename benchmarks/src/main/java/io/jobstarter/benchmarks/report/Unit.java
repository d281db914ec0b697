package io.jobstarter.benchmarks.report;

import java.util.List;

/**
 * What is measured in one go and kept as a whole: a suite with an engine in a round.
 *
 * @param round which round
 * @param suite the suite
 * @param engine the engine
 * @param figures what was measured
 * @param remarks what else is to be said
 */
public record Unit(int round, String suite, String engine, List<Figure> figures, List<String> remarks) {

	/**
	 * Tells whether this is the unit of that place.
	 * @param round the round
	 * @param suite the suite
	 * @param engine the engine
	 * @return whether it is
	 */
	public boolean is(int round, String suite, String engine) {
		return this.round == round && this.suite.equals(suite) && this.engine.equals(engine);
	}

}
