package io.jobstarter.store.jdbc;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

import javax.sql.DataSource;

import org.springframework.jdbc.datasource.DelegatingDataSource;

/**
 * Counts what a node sends: the statements that it prepares, and its commits.
 */
final class CountingDataSource extends DelegatingDataSource {

	private final List<String> sent = new CopyOnWriteArrayList<>();

	CountingDataSource(DataSource target) {
		super(target);
	}

	/**
	 * What was sent since the last time.
	 * @return the statements, and {@code commit} for each commit
	 */
	List<String> takeSent() {
		List<String> taken = List.copyOf(this.sent);
		this.sent.clear();
		return taken;
	}

	@Override
	public Connection getConnection() throws SQLException {
		Connection connection = super.getConnection();
		return (Connection) Proxy.newProxyInstance(getClass().getClassLoader(), new Class<?>[] { Connection.class },
				(proxy, method, arguments) -> {
					note(method, arguments);
					return invoke(connection, method, arguments);
				});
	}

	private void note(Method method, Object[] arguments) {
		if (method.getName().equals("prepareStatement")) {
			this.sent.add((String) arguments[0]);
		}
		else if (method.getName().equals("commit")) {
			this.sent.add("commit");
		}
	}

	private static Object invoke(Connection connection, Method method, Object[] arguments) throws Throwable {
		try {
			return method.invoke(connection, arguments);
		}
		catch (InvocationTargetException ex) {
			throw ex.getCause();
		}
	}

}
