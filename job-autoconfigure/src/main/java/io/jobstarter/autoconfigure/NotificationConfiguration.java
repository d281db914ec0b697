package io.jobstarter.autoconfigure;

import io.jobstarter.store.WakeUpHub;
import io.jobstarter.store.jdbc.JdbcStores;
import io.jobstarter.worker.JobWorker;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/**
 * What tells the other nodes of ready jobs and hears from them, where the database can.
 * Nodes that only enqueue tell as well.
 */
@Configuration(proxyBeanMethods = false)
class NotificationConfiguration {

	@Bean(destroyMethod = "stop")
	Notifications backgroundJobNotifications(JdbcStores stores, EngineConnections connections, WakeUpHub wakeUps,
			ObjectProvider<JobWorker> worker, DatabaseState database) {
		Notifications notifications = Notifications.of(stores, connections, wakeUps, worker);
		notifications.autoStartupIf(database::isReady);
		return notifications;
	}

}
