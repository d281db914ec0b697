package io.jobstarter.autoconfigure;

import java.sql.SQLException;
import java.util.OptionalInt;
import java.util.Properties;

import javax.sql.DataSource;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.jobstarter.autoconfigure.BackgroundJobProperties.Worker;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.jdbc.datasource.DriverManagerDataSource;
import org.springframework.util.ClassUtils;

/**
 * The engine's own connections, made from those of the application: handlers that use up
 * the application's pool must not cost the node its lease. Not a {@link DataSource} bean,
 * so that nobody injects it by accident.
 */
class EngineConnections implements DisposableBean {

	private static final Log logger = LogFactory.getLog(EngineConnections.class);

	/** Heartbeat, claim, settle; maintenance and NOTIFY share the fourth. */
	static final int SIZE = 4;

	/** How long a connection waits for an answer. */
	private static final int NETWORK_SECONDS = 20;

	/** For as long may all be without a connection when the network is back. */
	private static final int CONNECT_SECONDS = 5;

	private static final int UNKNOWN_SIZE = -1;

	static final String HIKARI_NAME = "com.zaxxer.hikari.HikariDataSource";

	private static final boolean HIKARI = ClassUtils.isPresent(HIKARI_NAME, EngineConnections.class.getClassLoader());

	private final DataSource dataSource;

	private final @Nullable DataSource listenDataSource;

	private final @Nullable AutoCloseable owned;

	private final int applicationPoolSize;

	private @Nullable DriverManagerDataSource unpooled;

	private EngineConnections(DataSource dataSource, @Nullable DataSource listenDataSource,
			@Nullable AutoCloseable owned, int applicationPoolSize) {
		this.dataSource = dataSource;
		this.listenDataSource = listenDataSource;
		this.owned = owned;
		this.applicationPoolSize = applicationPoolSize;
	}

	static EngineConnections of(DataSource application, Worker settings) {
		EngineConnections own = HIKARI ? HikariCopy.connections(application, settings) : null;
		return (own != null) ? own : shared(application, UNKNOWN_SIZE, settings);
	}

	private static EngineConnections shared(DataSource application, int poolSize, Worker settings) {
		logger.warn("The engine shares the application's connections, since it cannot copy a "
				+ application.getClass().getName() + ": let the pool have " + SIZE
				+ " connections more than the application needs");
		return new EngineConnections(application, direct(settings.listenUrl()), null, poolSize);
	}

	// With what the URL says alone: a data source tells nobody its credentials.
	private static @Nullable DataSource direct(@Nullable String listenUrl) {
		if (listenUrl == null) {
			return null;
		}
		Properties properties = new Properties();
		properties.setProperty("socketTimeout", String.valueOf(NETWORK_SECONDS));
		properties.setProperty("connectTimeout", String.valueOf(CONNECT_SECONDS));
		properties.setProperty("loginTimeout", String.valueOf(CONNECT_SECONDS));
		properties.setProperty("tcpKeepAlive", "true");
		return new DriverManagerDataSource(listenUrl, properties);
	}

	DataSource dataSource() {
		return this.dataSource;
	}

	/**
	 * The URL that they lead to.
	 * @return the URL, or {@code null} if it is not known
	 */
	@Nullable String url() {
		return (this.unpooled != null) ? this.unpooled.getUrl() : null;
	}

	/**
	 * Opens connections that fail at once if the database is not there, rather than when
	 * a pool has lost its patience.
	 * @return their source
	 */
	DataSource impatient() {
		return (this.unpooled != null) ? this.unpooled : this.dataSource;
	}

	/**
	 * Opens connections that no pool and no pooler stands before, to listen on.
	 * @return their source, or {@code null} if there is none
	 */
	@Nullable DataSource listenDataSource() {
		return this.listenDataSource;
	}

	/**
	 * Whether these are the application's own connections, of which there may be one.
	 * @return whether the engine has none to itself
	 */
	boolean areShared() {
		return this.owned == null;
	}

	/**
	 * The most connections that the application's pool opens, which handlers share with
	 * the rest of the application.
	 * @return the number, or empty if it is not known
	 */
	OptionalInt applicationPoolSize() {
		return (this.applicationPoolSize > 0) ? OptionalInt.of(this.applicationPoolSize) : OptionalInt.empty();
	}

	@Override
	public void destroy() throws Exception {
		if (this.owned != null) {
			this.owned.close();
		}
	}

	/**
	 * Copies a pool of HikariCP. Apart, since HikariCP may be absent.
	 */
	private static final class HikariCopy {

		private static final int DEFAULT_POOL_SIZE = 10;

		static @Nullable EngineConnections connections(DataSource application, Worker settings) {
			HikariDataSource original = unwrap(application);
			if (original == null) {
				return null;
			}
			EnginePool pool = of(original);
			if (pool == null) {
				return shared(application, size(original), settings);
			}
			EngineConnections connections = new EngineConnections(pool, listenDataSource(pool, settings.listenUrl()),
					pool, size(original));
			connections.unpooled = (pool.getJdbcUrl() != null) ? direct(pool, pool.getJdbcUrl()) : null;
			return connections;
		}

		private static @Nullable EnginePool of(HikariDataSource original) {
			if (isPrivateMemory(original.getJdbcUrl())) {
				return null;
			}
			EnginePool copy = new EnginePool(original);
			copyConnectionDetails(original, copy);
			copyUpkeep(original, copy);
			copy.setExceptionOverride(new ReadOnlyServers(original.getExceptionOverride(), original));
			copy.setPoolName("background-jobs");
			copy.setMaximumPoolSize(SIZE);
			copy.setMinimumIdle(1);
			copy.setConnectionTimeout(10_000);
			copy.setInitializationFailTimeout(-1);
			boundNetworkWaits(copy);
			return copy;
		}

		// Not copyStateTo: the copy would share the application's driver properties, and
		// what is set here for the engine would change the application's connections.
		private static void copyConnectionDetails(HikariConfig original, HikariConfig copy) {
			copy.setJdbcUrl(original.getJdbcUrl());
			if (original.getDriverClassName() != null) {
				copy.setDriverClassName(original.getDriverClassName());
			}
			copy.setDataSourceClassName(original.getDataSourceClassName());
			copy.setDataSourceJNDI(original.getDataSourceJNDI());
			copy.setDataSource(original.getDataSource());
			original.getDataSourceProperties().forEach((key, value) -> copy.addDataSourceProperty((String) key, value));
			copy.setCatalog(original.getCatalog());
			copy.setSchema(original.getSchema());
			copy.setConnectionInitSql(original.getConnectionInitSql());
		}

		private static void copyUpkeep(HikariConfig original, HikariConfig copy) {
			copy.setConnectionTestQuery(original.getConnectionTestQuery());
			copy.setValidationTimeout(original.getValidationTimeout());
			copy.setMaxLifetime(original.getMaxLifetime());
			copy.setKeepaliveTime(original.getKeepaliveTime());
		}

		private static int size(HikariDataSource original) {
			// Not set before the first connection is taken.
			return (original.getMaximumPoolSize() > 0) ? original.getMaximumPoolSize() : DEFAULT_POOL_SIZE;
		}

		private static @Nullable DataSource listenDataSource(EnginePool pool, @Nullable String listenUrl) {
			String url = (listenUrl != null) ? listenUrl : pool.getJdbcUrl();
			if (url == null || !url.startsWith("jdbc:postgresql:")) {
				return null;
			}
			return direct(pool, url);
		}

		private static DriverManagerDataSource direct(EnginePool pool, String url) {
			DriverManagerDataSource direct = pool.direct(url);
			Properties properties = new Properties();
			pool.getDataSourceProperties().forEach((key, value) -> properties.put(key, String.valueOf(value)));
			direct.setConnectionProperties(properties);
			return direct;
		}

		// A network that swallows packets must not hold a thread for ever.
		private static void boundNetworkWaits(HikariConfig copy) {
			String url = String.valueOf(copy.getJdbcUrl());
			if (url.startsWith("jdbc:postgresql:")) {
				bound(copy, "socketTimeout", NETWORK_SECONDS);
				bound(copy, "connectTimeout", CONNECT_SECONDS);
				bound(copy, "loginTimeout", CONNECT_SECONDS);
				copy.addDataSourceProperty("tcpKeepAlive", "true");
			}
			else if (url.startsWith("jdbc:mariadb:")) {
				bound(copy, "socketTimeout", NETWORK_SECONDS * 1_000);
				bound(copy, "connectTimeout", CONNECT_SECONDS * 1_000);
				boundIdleTransactions(copy);
			}
		}

		// MariaDB cannot be told so for one transaction. The locks of a node that lost
		// its
		// power in the middle of one would stay for hours.
		private static void boundIdleTransactions(HikariConfig copy) {
			if (copy.getConnectionInitSql() == null) {
				copy.setConnectionInitSql("set session idle_transaction_timeout = 20");
			}
		}

		// The application may have chosen a shorter one; 0 means none at all.
		private static void bound(HikariConfig copy, String property, int longest) {
			String chosen = String.valueOf(copy.getDataSourceProperties().get(property));
			boolean shorter = chosen.matches("[1-9]\\d{0,8}") && Integer.parseInt(chosen) < longest;
			if (!shorter) {
				copy.addDataSourceProperty(property, String.valueOf(longest));
			}
		}

		private static boolean isPrivateMemory(@Nullable String url) {
			return url != null && (url.equals("jdbc:h2:mem:") || url.startsWith("jdbc:h2:mem:;"));
		}

		private static @Nullable HikariDataSource unwrap(DataSource application) {
			if (application instanceof HikariDataSource hikari) {
				return hikari;
			}
			try {
				return application.isWrapperFor(HikariDataSource.class) ? application.unwrap(HikariDataSource.class)
						: null;
			}
			catch (SQLException ex) {
				return null;
			}
		}

	}

}
