package io.jobstarter.apps;

import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;

/**
 * An application with one DataSource and nothing special.
 */
@Configuration(proxyBeanMethods = false)
@EnableAutoConfiguration
@Import(Greetings.class)
class PlainApplication {

}
