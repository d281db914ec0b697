package io.jobstarter.autoconfigure;

import java.lang.reflect.Method;
import java.sql.Connection;
import java.sql.SQLException;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import com.zaxxer.hikari.util.Credentials;
import org.jspecify.annotations.Nullable;

import org.springframework.jdbc.datasource.DriverManagerDataSource;
import org.springframework.util.ClassUtils;
import org.springframework.util.ReflectionUtils;

/**
 * A pool that connects as whom the application's pool connects at that moment: passwords
 * may be replaced while it runs, and those of some clouds expire after minutes.
 */
final class EnginePool extends HikariDataSource {

	/** Of HikariCP 7. */
	private static final @Nullable Method PROVIDER = ClassUtils.getMethodIfAvailable(HikariConfig.class,
			"getCredentialsProvider");

	private final HikariDataSource application;

	EnginePool(HikariDataSource application) {
		this.application = application;
	}

	@Override
	public Credentials getCredentials() {
		Object provider = (PROVIDER != null) ? ReflectionUtils.invokeMethod(PROVIDER, this.application) : null;
		return (PROVIDER != null && provider != null) ? provided(PROVIDER.getReturnType(), provider)
				: this.application.getCredentials();
	}

	private static Credentials provided(Class<?> type, Object provider) {
		Object credentials = ReflectionUtils.invokeMethod(ClassUtils.getMethod(type, "getCredentials"), provider);
		if (credentials == null) {
			throw new IllegalStateException("The credentials provider of the application's pool gave none");
		}
		return (Credentials) credentials;
	}

	@Override
	public @Nullable String getUsername() {
		return this.application.getUsername();
	}

	@Override
	public @Nullable String getPassword() {
		return this.application.getPassword();
	}

	/**
	 * Makes a source of connections that belong to no pool, as the same user.
	 * @param url where to connect to
	 * @return the source
	 */
	DriverManagerDataSource direct(String url) {
		return new DriverManagerDataSource(url) {

			@Override
			protected Connection getConnectionFromDriver(@Nullable String username, @Nullable String password)
					throws SQLException {
				Credentials now = getCredentials();
				return super.getConnectionFromDriver(now.getUsername(), now.getPassword());
			}

		};
	}

}
