package io.jobstarter.autoconfigure;

import io.jobstarter.handler.HandlerRegistry;
import io.jobstarter.store.jdbc.JdbcStores;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/**
 * What says at start what this node is.
 */
@Configuration(proxyBeanMethods = false)
class StartReportConfiguration {

	@Bean
	StartReporter backgroundJobStartReporter(BackgroundJobProperties properties, HandlerRegistry handlers,
			JdbcStores stores, EngineConnections connections, Notifications notifications,
			ObjectProvider<StartReport.Node> node, DatabaseState database) {
		StartReport.Engine engine = new StartReport.Engine(stores, connections, notifications);
		return new StartReporter(new StartReport(properties, handlers.definitions(), engine, node.getIfAvailable()),
				database);
	}

}
