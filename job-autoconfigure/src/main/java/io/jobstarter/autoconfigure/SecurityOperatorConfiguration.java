package io.jobstarter.autoconfigure;

import io.jobstarter.CurrentOperator;

import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.security.core.context.SecurityContextHolder;

/**
 * Who acts, where Spring Security knows.
 */
@Configuration(proxyBeanMethods = false)
@ConditionalOnClass(SecurityContextHolder.class)
class SecurityOperatorConfiguration {

	@Bean
	@ConditionalOnMissingBean
	CurrentOperator backgroundJobCurrentOperator() {
		return new SecurityOperator();
	}

}
