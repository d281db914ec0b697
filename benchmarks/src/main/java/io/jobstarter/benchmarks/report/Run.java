package io.jobstarter.benchmarks.report;

import java.util.Map;
import java.util.List;

/**
 * Everything that was measured so far.
 *
 * @param plan the plan's name
 * @param facts the machine, the server, the versions
 * @param units what is finished
 */
public record Run(String plan, Map<String, String> facts, List<Unit> units) {
}
