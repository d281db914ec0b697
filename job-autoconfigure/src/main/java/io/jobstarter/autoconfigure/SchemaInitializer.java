package io.jobstarter.autoconfigure;

import java.util.Arrays;
import java.util.List;
import java.util.Map;

import javax.sql.DataSource;

import io.jobstarter.autoconfigure.BackgroundJobProperties.Initialize;
import io.jobstarter.autoconfigure.BackgroundJobProperties.Schema;
import io.jobstarter.store.jdbc.JdbcStores;
import org.flywaydb.core.Flyway;

import org.springframework.util.ClassUtils;

/**
 * Creates and migrates the tables, or checks that they are there. The migrations have a
 * history of their own, so that they and the application's never meet.
 */
final class SchemaInitializer {

	static final String FLYWAY_NAME = "org.flywaydb.core.Flyway";

	private static final boolean FLYWAY = ClassUtils.isPresent(FLYWAY_NAME, SchemaInitializer.class.getClassLoader());

	private final JdbcStores stores;

	private final EngineConnections connections;

	private final String tablePrefix;

	SchemaInitializer(JdbcStores stores, EngineConnections connections, String tablePrefix) {
		this.stores = stores;
		this.connections = connections;
		this.tablePrefix = tablePrefix;
	}

	void initialize(Schema settings) {
		if (settings.initialize() == Initialize.ALWAYS && FLYWAY) {
			migrate();
		}
		List<String> missing = this.stores.missingSchema();
		if (!missing.isEmpty()) {
			throw new MissingSchemaException(missing, this.stores.migrationLocation(),
					otherwise(settings.initialize()));
		}
	}

	private void migrate() {
		String location = this.stores.migrationLocation();
		boolean repeatable = this.stores.migrationIsRepeatable();
		try {
			new MigrationLock(this.connections, this.tablePrefix)
				.whileHeld((dataSource) -> Migration.run(dataSource, location, this.tablePrefix, repeatable));
		}
		catch (RuntimeException ex) {
			throw new SchemaMigrationException(this.tablePrefix, location, ex);
		}
	}

	private static String otherwise(Initialize initialize) {
		String flyway = "add org.flywaydb:flyway-core and its module for the database";
		if (initialize == Initialize.NEVER) {
			return "set background-jobs.schema.initialize to 'always'" + (FLYWAY ? "" : " and " + flyway);
		}
		return FLYWAY ? "drop the history of the migrations if the tables were dropped" : flyway;
	}

	/**
	 * Runs Flyway. Apart, since Flyway may be absent.
	 */
	private static final class Migration {

		static void run(DataSource dataSource, String location, String tablePrefix, boolean repeatable) {
			Flyway flyway = Flyway.configure(SchemaInitializer.class.getClassLoader())
				// What can be repeated is MariaDB's.
				.dataSource(repeatable ? GaleraSequences.whereNeeded(dataSource) : dataSource)
				.locations(location)
				.table(tablePrefix + "schema_history")
				.placeholders(Map.of("prefix", tablePrefix))
				.baselineOnMigrate(true)
				// Not 1, the default: on a schema that holds tables V1 would be skipped.
				.baselineVersion("0")
				.load();
			if (repeatable) {
				forgetFailures(flyway);
			}
			flyway.migrate();
		}

		// Otherwise Flyway would leave what was done half-way to somebody's hands.
		private static void forgetFailures(Flyway flyway) {
			if (Arrays.stream(flyway.info().all()).anyMatch((migration) -> migration.getState().isFailed())) {
				flyway.repair();
			}
		}

	}

}
