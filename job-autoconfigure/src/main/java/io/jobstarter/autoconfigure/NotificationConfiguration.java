package io.jobstarter.autoconfigure;

import org.springframework.context.annotation.Configuration;

/**
 * What tells the other nodes of ready jobs, where the database can.
 */
@Configuration(proxyBeanMethods = false)
class NotificationConfiguration {

}
