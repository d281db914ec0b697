package io.jobstarter.autoconfigure;

import javax.sql.DataSource;

import org.springframework.beans.factory.BeanFactoryUtils;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.autoconfigure.condition.ConditionMessage;
import org.springframework.boot.autoconfigure.condition.ConditionOutcome;
import org.springframework.boot.autoconfigure.condition.SpringBootCondition;
import org.springframework.context.annotation.ConditionContext;
import org.springframework.context.annotation.ConfigurationCondition;
import org.springframework.core.type.AnnotatedTypeMetadata;

/**
 * Matches if there is any {@link DataSource}, also one that is injected by its qualifier
 * alone. Which of several it is to be is said, or complained about, when it is needed.
 */
final class OnAnyDataSource extends SpringBootCondition implements ConfigurationCondition {

	@Override
	public ConfigurationPhase getConfigurationPhase() {
		return ConfigurationPhase.REGISTER_BEAN;
	}

	@Override
	public ConditionOutcome getMatchOutcome(ConditionContext context, AnnotatedTypeMetadata metadata) {
		ConfigurableListableBeanFactory beans = context.getBeanFactory();
		ConditionMessage.Builder message = ConditionMessage.forCondition("Background jobs");
		if (beans == null || BeanFactoryUtils.beanNamesForTypeIncludingAncestors(beans, DataSource.class, true,
				false).length == 0) {
			return ConditionOutcome.noMatch(message.didNotFind("any beans").items(DataSource.class.getName()));
		}
		return ConditionOutcome.match(message.foundExactly("a DataSource"));
	}

}
