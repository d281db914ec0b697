package io.jobstarter.faults.life;

import java.util.List;
import java.util.Map;

/**
 * What a run has left behind.
 *
 * @param lines the journal
 * @param acts what was asked for and answered
 * @param bodies what handlers did
 * @param effects how many effects are there, by job
 * @param left what is there that should not be
 * @param strikes what was done to nodes
 */
record LifeFacts(List<Line> lines, List<Act> acts, List<Body> bodies, Map<Long, Integer> effects, List<String> left,
		List<String> strikes) {
}
