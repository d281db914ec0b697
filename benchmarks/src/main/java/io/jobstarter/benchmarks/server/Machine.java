package io.jobstarter.benchmarks.server;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Stream;

/**
 * What the report says of the machine.
 */
public final class Machine {

	private Machine() {
	}

	/**
	 * The machine that this runs on.
	 * @return names and values
	 */
	public static Map<String, String> facts() {
		Map<String, String> facts = new LinkedHashMap<>();
		facts.put("CPU", cpu() + ", " + Runtime.getRuntime().availableProcessors() + " cores");
		facts.put("system", System.getProperty("os.name") + " " + System.getProperty("os.version"));
		facts.put("JDK", System.getProperty("java.vm.vendor") + " " + System.getProperty("java.version"));
		return facts;
	}

	private static String cpu() {
		try (Stream<String> lines = Files.lines(Path.of("/proc/cpuinfo"))) {
			return lines.filter((line) -> line.startsWith("model name"))
				.findFirst()
				.map((line) -> line.substring(line.indexOf(':') + 2))
				.orElse(System.getProperty("os.arch"));
		}
		catch (IOException ex) {
			return System.getProperty("os.arch");
		}
	}

}
