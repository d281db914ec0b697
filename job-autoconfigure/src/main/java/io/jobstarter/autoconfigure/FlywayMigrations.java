package io.jobstarter.autoconfigure;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.stream.Stream;

import org.flywaydb.core.api.Location;
import org.flywaydb.core.api.ResourceProvider;
import org.flywaydb.core.api.configuration.Configuration;
import org.jspecify.annotations.Nullable;

import org.springframework.core.io.Resource;
import org.springframework.core.io.support.PathMatchingResourcePatternResolver;
import org.springframework.core.io.support.ResourcePatternResolver;

/**
 * Looks whether an application has migrations of its own, without a connection: Flyway's
 * own look needs two at once, which a pool of one does not have. Public for the module
 * that holds what Spring Boot 4 has moved; an application has no use for it.
 */
public final class FlywayMigrations {

	private FlywayMigrations() {
	}

	/**
	 * Looks for them.
	 * @param flyway the application's Flyway
	 * @return whether there are any, or may be
	 */
	public static boolean exist(Configuration flyway) {
		return flyway.getJavaMigrations().length > 0 || flyway.getResolvers().length > 0 || areProvided(flyway)
				|| Arrays.stream(flyway.getLocations()).anyMatch((location) -> holdsAny(location, flyway));
	}

	// Asked, since Spring Boot gives one to every Flyway of an application that was
	// processed ahead of time.
	private static boolean areProvided(Configuration flyway) {
		ResourceProvider provider = flyway.getResourceProvider();
		return provider != null && !provider.getResources("", flyway.getSqlMigrationSuffixes()).isEmpty();
	}

	private static boolean holdsAny(Location location, Configuration flyway) {
		String pattern = pattern(location);
		// Clouds, wildcards: Flyway itself will find out.
		return pattern == null || resources(pattern, flyway.getClassLoader()).map(Resource::getFilename)
			.anyMatch((name) -> name != null && isMigration(name, flyway));
	}

	private static @Nullable String pattern(Location location) {
		if (location.getPathRegex() != null) {
			return null;
		}
		if (location.isClassPath()) {
			return ResourcePatternResolver.CLASSPATH_ALL_URL_PREFIX + location.getRootPath() + "/**/*";
		}
		return location.isFileSystem() ? "file:" + location.getRootPath() + "/**/*" : null;
	}

	private static Stream<Resource> resources(String pattern, ClassLoader classLoader) {
		try {
			return Arrays.stream(new PathMatchingResourcePatternResolver(classLoader).getResources(pattern));
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	private static boolean isMigration(String name, Configuration flyway) {
		return name.endsWith(".class") || Arrays.stream(flyway.getSqlMigrationSuffixes()).anyMatch(name::endsWith);
	}

}
