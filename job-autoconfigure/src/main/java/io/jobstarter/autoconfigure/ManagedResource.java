package io.jobstarter.autoconfigure;

import javax.sql.DataSource;

import jakarta.persistence.EntityManagerFactory;
import org.jspecify.annotations.Nullable;

import org.springframework.aop.framework.AopProxyUtils;
import org.springframework.jdbc.datasource.TransactionAwareDataSourceProxy;
import org.springframework.orm.jpa.EntityManagerFactoryInfo;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.jta.JtaTransactionManager;
import org.springframework.transaction.support.ResourceTransactionManager;
import org.springframework.util.ClassUtils;

/**
 * What a transaction manager manages, as seen from one data source.
 */
enum ManagedResource {

	/** That data source. */
	THIS,

	/** Another one, or no data source at all but a broker, say. */
	ANOTHER,

	/** Maybe that one: a manager of JTA may span any number. */
	UNKNOWN,

	/**
	 * It does not say. As a rule it is no data source at all: graph databases have such
	 * managers, and batches without a database.
	 */
	UNSAID;

	private static final boolean JPA = ClassUtils.isPresent("org.springframework.orm.jpa.EntityManagerFactoryInfo",
			ManagedResource.class.getClassLoader())
			&& ClassUtils.isPresent("jakarta.persistence.EntityManagerFactory", ManagedResource.class.getClassLoader());

	static ManagedResource of(PlatformTransactionManager manager, DataSource dataSource) {
		Object target = target(manager);
		if (target instanceof JtaTransactionManager) {
			return UNKNOWN;
		}
		if (!(target instanceof ResourceTransactionManager resourceManager)) {
			return UNSAID;
		}
		Object resource = resourceManager.getResourceFactory();
		if (resource instanceof DataSource managed) {
			return compare(managed, dataSource);
		}
		return JPA ? Jpa.of(resource, dataSource) : ANOTHER;
	}

	// A proxy of interfaces shows less than what stands behind it.
	private static Object target(PlatformTransactionManager manager) {
		Object target = manager;
		Object next = AopProxyUtils.getSingletonTarget(target);
		while (next != null) {
			target = next;
			next = AopProxyUtils.getSingletonTarget(target);
		}
		return target;
	}

	private static ManagedResource compare(DataSource managed, DataSource dataSource) {
		return (target(managed) == target(dataSource)) ? THIS : ANOTHER;
	}

	private static @Nullable DataSource target(DataSource dataSource) {
		return (dataSource instanceof TransactionAwareDataSourceProxy proxy) ? proxy.getTargetDataSource() : dataSource;
	}

	/**
	 * Looks into the factories of JPA. Apart, since JPA may be absent.
	 */
	private static final class Jpa {

		static ManagedResource of(Object resource, DataSource dataSource) {
			DataSource managed = (resource instanceof EntityManagerFactoryInfo info) ? info.getDataSource() : null;
			if (managed != null) {
				return compare(managed, dataSource);
			}
			return (resource instanceof EntityManagerFactory) ? UNKNOWN : ANOTHER;
		}

	}

}
