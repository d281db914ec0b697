package io.jobstarter.apps;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.Map;

import javax.sql.DataSource;

import com.zaxxer.hikari.HikariDataSource;
import org.apache.commons.dbcp2.BasicDataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.autoconfigure.jdbc.DataSourceProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.jdbc.datasource.LazyConnectionDataSourceProxy;
import org.springframework.jdbc.datasource.TransactionAwareDataSourceProxy;
import org.springframework.jdbc.datasource.lookup.AbstractRoutingDataSource;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionSynchronizationManager;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Applications whose DataSource is not a plain HikariCP pool.
 */
class PoolTests {

	@ParameterizedTest
	@ValueSource(classes = { org.apache.tomcat.jdbc.pool.DataSource.class, BasicDataSource.class })
	void runsJobsOnAnotherPool(Class<? extends DataSource> pool) {
		App.of(PlainApplication.class).onPostgres().with("spring.datasource.type=" + pool.getName()).run((context) -> {
			assertThat(context.getBean(DataSource.class)).isInstanceOf(pool);
			Greetings.assertJoins(context, context.getBean(PlatformTransactionManager.class));
		});
	}

	@Test
	void runsJobsOnAnotherPoolThatDoesNotCommitByItself() {
		App.of(PlainApplication.class)
			.onPostgres()
			.with("spring.datasource.type=org.apache.tomcat.jdbc.pool.DataSource",
					"spring.datasource.tomcat.default-auto-commit=false")
			.run((context) -> {
				Greetings.assertJoins(context, context.getBean(PlatformTransactionManager.class));
				context.getBean(Greetings.class).greeted().clear();
				Greetings.assertRunsJobs(context);
			});
	}

	@ParameterizedTest
	@ValueSource(classes = { Lazy.class, TransactionAware.class, Routing.class, Opaque.class })
	void runsJobsBehindAProxy(Class<?> application) {
		App.of(application)
			.onPostgres()
			.run((context) -> Greetings.assertJoins(context, context.getBean(PlatformTransactionManager.class)));
	}

	private static HikariDataSource pool(DataSourceProperties properties) {
		return properties.initializeDataSourceBuilder().type(HikariDataSource.class).build();
	}

	@Configuration(proxyBeanMethods = false)
	@Import(PlainApplication.class)
	static class Lazy {

		@Bean
		DataSource dataSource(DataSourceProperties properties) {
			return new LazyConnectionDataSourceProxy(pool(properties));
		}

	}

	@Configuration(proxyBeanMethods = false)
	@Import(PlainApplication.class)
	static class TransactionAware {

		@Bean
		DataSource dataSource(DataSourceProperties properties) {
			return new TransactionAwareDataSourceProxy(pool(properties));
		}

	}

	/**
	 * Reads from a replica, which here is the same database.
	 */
	@Configuration(proxyBeanMethods = false)
	@Import(PlainApplication.class)
	static class Routing {

		@Bean
		DataSource dataSource(DataSourceProperties properties) {
			AbstractRoutingDataSource routing = new AbstractRoutingDataSource() {

				@Override
				protected Object determineCurrentLookupKey() {
					return TransactionSynchronizationManager.isCurrentTransactionReadOnly() ? "replica" : "primary";
				}

			};
			HikariDataSource primary = pool(properties);
			routing.setDefaultTargetDataSource(primary);
			routing.setTargetDataSources(Map.of("primary", primary, "replica", pool(properties)));
			return routing;
		}

	}

	/**
	 * As tools that count statements do it: nothing shows what is behind.
	 */
	@Configuration(proxyBeanMethods = false)
	@Import(PlainApplication.class)
	static class Opaque {

		@Bean
		DataSource dataSource(DataSourceProperties properties) {
			HikariDataSource pool = pool(properties);
			return (DataSource) Proxy.newProxyInstance(getClass().getClassLoader(), new Class<?>[] { DataSource.class },
					(proxy, method, arguments) -> {
						if (method.getName().equals("isWrapperFor")) {
							return false;
						}
						try {
							return method.invoke(pool, arguments);
						}
						catch (InvocationTargetException ex) {
							throw ex.getTargetException();
						}
					});
		}

	}

}
