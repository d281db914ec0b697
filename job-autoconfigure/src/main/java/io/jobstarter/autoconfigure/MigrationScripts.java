package io.jobstarter.autoconfigure;

import java.io.IOException;
import java.util.Arrays;
import java.util.OptionalInt;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.springframework.core.io.Resource;
import org.springframework.core.io.support.PathMatchingResourcePatternResolver;

/**
 * The SQL files that this release brings.
 */
final class MigrationScripts {

	private static final Pattern NAME = Pattern.compile("V(\\d{1,9})__.+\\.sql");

	private MigrationScripts() {
	}

	/**
	 * Looks for the version that they lead to.
	 * @param location where they are, as Flyway names it
	 * @return the number of the last one, or empty if none can be listed
	 */
	static OptionalInt latest(String location) {
		try {
			return Arrays
				.stream(new PathMatchingResourcePatternResolver(MigrationScripts.class.getClassLoader())
					.getResources(location + "/V*.sql"))
				.map(Resource::getFilename)
				.map((name) -> NAME.matcher(String.valueOf(name)))
				.filter(Matcher::matches)
				.mapToInt((name) -> Integer.parseInt(name.group(1)))
				.max();
		}
		catch (IOException ex) {
			return OptionalInt.empty();
		}
	}

}
