package io.jobstarter.store.jdbc;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.concurrent.atomic.AtomicReference;

import javax.sql.DataSource;

import org.jspecify.annotations.Nullable;

import org.springframework.jdbc.datasource.DelegatingDataSource;

/**
 * Loses one commit, as a node does that dies: before the database has heard of it, or
 * before the node hears that it was done.
 */
final class LosingDataSource extends DelegatingDataSource {

	private final AtomicReference<@Nullable Loss> next = new AtomicReference<>();

	LosingDataSource(DataSource target) {
		super(target);
	}

	void loseNext(Loss loss) {
		this.next.set(loss);
	}

	@Override
	public Connection getConnection() throws SQLException {
		Connection connection = super.getConnection();
		return (Connection) Proxy.newProxyInstance(getClass().getClassLoader(), new Class<?>[] { Connection.class },
				(proxy, method, arguments) -> {
					Loss loss = method.getName().equals("commit") ? this.next.getAndSet(null) : null;
					if (loss == Loss.OF_COMMIT) {
						connection.rollback();
					}
					else {
						Object result = invoke(connection, method, arguments);
						if (loss == null) {
							return result;
						}
					}
					throw new SQLException("The connection is gone", "08006");
				});
	}

	private static @Nullable Object invoke(Connection connection, Method method, Object[] arguments) throws Throwable {
		try {
			return method.invoke(connection, arguments);
		}
		catch (InvocationTargetException ex) {
			throw ex.getCause();
		}
	}

	/**
	 * What is lost.
	 */
	enum Loss {

		OF_COMMIT, OF_REPLY

	}

}
