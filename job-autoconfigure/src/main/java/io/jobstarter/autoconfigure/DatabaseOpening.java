package io.jobstarter.autoconfigure;

import java.sql.Connection;
import java.sql.SQLException;

import javax.sql.DataSource;

import io.jobstarter.autoconfigure.BackgroundJobProperties.Schema;
import io.jobstarter.autoconfigure.BackgroundJobProperties.Start;
import io.jobstarter.store.jdbc.JdbcStores;

/**
 * Finds out what database holds the jobs, and brings its tables up to date: at start, or
 * later if it is not there and the application was told to wait.
 */
final class DatabaseOpening {

	private final DataSource application;

	private final EngineConnections connections;

	private final Schema schema;

	private final Start start;

	/**
	 * Makes an opening.
	 * @param application the application's connections
	 * @param connections the engine's
	 * @param properties the settings
	 */
	DatabaseOpening(DataSource application, EngineConnections connections, BackgroundJobProperties properties) {
		this.application = application;
		this.connections = connections;
		this.schema = properties.schema();
		this.start = properties.start();
	}

	/**
	 * Makes the stores.
	 * @param state hears if the database is not there
	 * @return the stores, whose tables are complete if the state says so
	 * @throws UnreachableDatabaseException if the database is not there and nobody is to
	 * wait for it, or it cannot be told which one it is
	 */
	JdbcStores open(DatabaseState state) {
		try {
			probe();
			PoolerCheck.check(this.application, this.connections);
			JdbcStores stores = UnreachableDatabaseException
				.unlessReached(() -> JdbcStores.create(this.application, this.connections.dataSource(), prefix()));
			initialize(stores);
			return stores;
		}
		catch (UnreachableDatabaseException ex) {
			if (this.start == Start.FAIL_FAST) {
				throw ex;
			}
			JdbcStores stores = unseen(ex);
			state.waitsBecauseOf(ex);
			return stores;
		}
	}

	/**
	 * Tries once more. Of several nodes that do so, one migrates and the others wait for
	 * it.
	 * @param stores what was made without a database
	 * @throws RuntimeException if the database is still away, or cannot be used
	 */
	void retry(JdbcStores stores) {
		probe();
		PoolerCheck.check(this.application, this.connections);
		UnreachableDatabaseException.unlessReached(() -> {
			stores.verify(this.application);
			return stores;
		});
		initialize(stores);
	}

	// On the engine's own connections, whose waits are bounded.
	private void probe() {
		if (this.start == Start.WAIT) {
			UnreachableDatabaseException.unlessReached(() -> {
				try (Connection connection = this.connections.impatient().getConnection()) {
					return connection.getMetaData();
				}
				catch (SQLException ex) {
					throw new IllegalStateException(ex);
				}
			});
		}
	}

	private void initialize(JdbcStores stores) {
		new SchemaInitializer(stores, this.connections, prefix()).initialize(this.schema);
	}

	private JdbcStores unseen(UnreachableDatabaseException ex) {
		String url = this.connections.url();
		if (url == null) {
			throw ex;
		}
		return JdbcStores.createUnseen(this.application, this.connections.dataSource(), prefix(), url)
			.orElseThrow(() -> ex);
	}

	private String prefix() {
		return this.schema.tablePrefix();
	}

}
