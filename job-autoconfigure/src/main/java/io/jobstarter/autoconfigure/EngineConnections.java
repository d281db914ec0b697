package io.jobstarter.autoconfigure;

import java.sql.SQLException;
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
	private static final int SIZE = 4;

	private static final boolean HIKARI = ClassUtils.isPresent("com.zaxxer.hikari.HikariDataSource",
			EngineConnections.class.getClassLoader());

	private final DataSource dataSource;

	private final @Nullable DataSource listenDataSource;

	private final @Nullable AutoCloseable owned;

	private EngineConnections(DataSource dataSource, @Nullable DataSource listenDataSource,
			@Nullable AutoCloseable owned) {
		this.dataSource = dataSource;
		this.listenDataSource = listenDataSource;
		this.owned = owned;
	}

	static EngineConnections of(DataSource application, Worker settings) {
		HikariConfig config = HIKARI ? HikariCopy.of(application) : null;
		if (config == null) {
			logger.warn("The engine shares the application's connections, since it cannot copy a "
					+ application.getClass().getName()
					+ ": let the pool have 4 connections more than the application needs");
			return new EngineConnections(application, null, null);
		}
		HikariDataSource pool = new HikariDataSource(config);
		return new EngineConnections(pool, HikariCopy.listenDataSource(config, settings.listenUrl()), pool);
	}

	DataSource dataSource() {
		return this.dataSource;
	}

	/**
	 * Opens connections that no pool and no pooler stands before, to listen on.
	 * @return their source, or {@code null} if there is none
	 */
	@Nullable DataSource listenDataSource() {
		return this.listenDataSource;
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

		static @Nullable HikariConfig of(DataSource application) {
			HikariDataSource original = unwrap(application);
			if (original == null || isPrivateMemory(original.getJdbcUrl())) {
				return null;
			}
			HikariConfig copy = new HikariConfig();
			original.copyStateTo(copy);
			copy.setPoolName("background-jobs");
			copy.setMaximumPoolSize(SIZE);
			copy.setMinimumIdle(1);
			copy.setAutoCommit(true);
			copy.setReadOnly(false);
			copy.setTransactionIsolation(null);
			copy.setConnectionTimeout(10_000);
			copy.setInitializationFailTimeout(-1);
			copy.setLeakDetectionThreshold(0);
			copy.setRegisterMbeans(false);
			boundNetworkWaits(copy);
			return copy;
		}

		static @Nullable DataSource listenDataSource(HikariConfig config, @Nullable String listenUrl) {
			String url = (listenUrl != null) ? listenUrl : config.getJdbcUrl();
			if (url == null || !url.startsWith("jdbc:postgresql:")) {
				return null;
			}
			DriverManagerDataSource direct = new DriverManagerDataSource(url);
			Properties properties = new Properties();
			config.getDataSourceProperties().forEach((key, value) -> properties.put(key, String.valueOf(value)));
			direct.setConnectionProperties(properties);
			if (config.getUsername() != null) {
				direct.setUsername(config.getUsername());
				direct.setPassword(config.getPassword());
			}
			return direct;
		}

		// A network that swallows packets must not hold a thread for ever.
		private static void boundNetworkWaits(HikariConfig copy) {
			if (copy.getJdbcUrl() != null && copy.getJdbcUrl().startsWith("jdbc:postgresql:")) {
				copy.addDataSourceProperty("socketTimeout", "20");
				copy.addDataSourceProperty("connectTimeout", "10");
				copy.addDataSourceProperty("tcpKeepAlive", "true");
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
