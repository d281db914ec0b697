package io.jobstarter.faults;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.Driver;
import java.sql.DriverManager;
import java.sql.DriverPropertyInfo;
import java.sql.SQLException;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.ConcurrentHashMap;
import java.util.logging.Logger;

import org.jspecify.annotations.Nullable;

/**
 * The driver of PostgreSQL with a flaw: it throws errors, not exceptions, at the threads
 * that it was told of. Nodes take it where {@code spring.datasource.driver-class-name}
 * names it.
 */
public final class LoopFaults implements Driver {

	private static final String POSTGRESQL = "jdbc:postgresql:";

	private static final Map<String, Integer> FAULTS = new ConcurrentHashMap<>();

	/**
	 * Lets statements of a thread fail.
	 * @param thread the thread's name
	 * @param times how many of them
	 */
	static void throwAt(String thread, int times) {
		FAULTS.put(thread, times);
	}

	/**
	 * Tells how many of a thread's statements are still to fail.
	 * @param thread the thread's name
	 * @return the number
	 */
	static int left(String thread) {
		return FAULTS.getOrDefault(thread, 0);
	}

	private static void failIfTold() {
		String thread = Thread.currentThread().getName();
		Integer left = FAULTS.computeIfPresent(thread, (name, times) -> (times > 0) ? times - 1 : -1);
		if (left != null && left >= 0) {
			throw (left % 2 == 0) ? new NoClassDefFoundError("planned") : new OutOfMemoryError("planned");
		}
	}

	@Override
	public @Nullable Connection connect(String url, Properties info) throws SQLException {
		if (!acceptsURL(url)) {
			return null;
		}
		Connection connection = real().connect(url, info);
		return (Connection) Proxy.newProxyInstance(LoopFaults.class.getClassLoader(),
				new Class<?>[] { Connection.class }, (proxy, method, arguments) -> {
					if (method.getName().equals("prepareStatement") || method.getName().equals("createStatement")) {
						failIfTold();
					}
					try {
						return method.invoke(connection, arguments);
					}
					catch (InvocationTargetException ex) {
						throw ex.getCause();
					}
				});
	}

	private static Driver real() {
		return DriverManager.drivers()
			.filter((driver) -> driver.getClass().getName().equals("org.postgresql.Driver"))
			.findFirst()
			.orElseThrow();
	}

	@Override
	public boolean acceptsURL(String url) {
		return url.startsWith(POSTGRESQL);
	}

	@Override
	public DriverPropertyInfo[] getPropertyInfo(String url, Properties info) throws SQLException {
		return real().getPropertyInfo(url, info);
	}

	@Override
	public int getMajorVersion() {
		return real().getMajorVersion();
	}

	@Override
	public int getMinorVersion() {
		return real().getMinorVersion();
	}

	@Override
	public boolean jdbcCompliant() {
		return real().jdbcCompliant();
	}

	@Override
	public Logger getParentLogger() {
		return Logger.getGlobal();
	}

}
