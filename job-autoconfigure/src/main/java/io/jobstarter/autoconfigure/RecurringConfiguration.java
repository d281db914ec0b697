package io.jobstarter.autoconfigure;

import java.time.InstantSource;
import java.util.List;

import io.jobstarter.CurrentOperator;
import io.jobstarter.JobPayloadSerializer;
import io.jobstarter.RecurringJobs;
import io.jobstarter.handler.HandlerRegistry;
import io.jobstarter.operations.DefaultRecurringJobs;
import io.jobstarter.schedule.DeclareRecurringJobs;
import io.jobstarter.schedule.FireRecurringJobs;
import io.jobstarter.schedule.RecurringAnnotations;
import io.jobstarter.schedule.RecurringDefinitions;
import io.jobstarter.schedule.ScheduleConflicts;
import io.jobstarter.schedule.Schedules;
import io.jobstarter.store.WakeUpHub;
import io.jobstarter.store.jdbc.JdbcStores;
import io.jobstarter.support.SafeEvents;

import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/**
 * Recurring jobs: what operators do about them, and, where jobs run, what declares them
 * and lets them fire.
 */
@Configuration(proxyBeanMethods = false)
class RecurringConfiguration {

	private final BackgroundJobProperties properties;

	RecurringConfiguration(BackgroundJobProperties properties) {
		this.properties = properties;
	}

	@Bean
	Schedules backgroundJobSchedules() {
		return new Schedules();
	}

	@Bean
	RecurringDefinitions backgroundJobRecurringDefinitions(HandlerRegistry handlers, JobPayloadSerializer serializer) {
		return new RecurringDefinitions(handlers, serializer, this.properties.defaults().maxPayload().toBytes());
	}

	@Bean
	ScheduleConflicts backgroundJobScheduleConflicts(Schedules schedules) {
		return new ScheduleConflicts(schedules, new ConfiguredConcurrency(this.properties.queues()));
	}

	@Bean
	@ConditionalOnMissingBean
	RecurringJobs backgroundJobRecurringJobs(JdbcStores stores, TransactionManagerReference transactions,
			WakeUpHub wakeUps, CurrentOperator operator, SafeEvents events, Schedules schedules,
			RecurringDefinitions definitions, ScheduleConflicts conflicts) {
		return new DefaultRecurringJobs(
				new DefaultRecurringJobs.Stores(stores.recurringStore(), stores.operationsStore()),
				transactions.manager(), wakeUps, operator, events,
				new DefaultRecurringJobs.Knowledge(schedules, definitions, conflicts));
	}

	@Bean
	@ConditionalOnProperty(name = "background-jobs.worker.enabled", matchIfMissing = true)
	RecurringDeclarations backgroundJobRecurringDeclarations(HandlerRegistry handlers, RecurringDefinitions definitions,
			ConfigurableListableBeanFactory beanFactory) {
		RecurringAnnotations annotations = new RecurringAnnotations(handlers, definitions, (text) -> {
			String resolved = beanFactory.resolveEmbeddedValue(text);
			return (resolved != null) ? resolved : "";
		});
		return RecurringDeclarations.of(annotations.read(), this.properties.recurring(), definitions);
	}

	// What has changed is declared before anything fires.
	@Bean
	@ConditionalOnProperty(name = "background-jobs.worker.enabled", matchIfMissing = true)
	RecurringDuties backgroundJobRecurringDuties(JdbcStores stores, RecurringDeclarations declarations,
			Schedules schedules, ScheduleConflicts conflicts, RecurringDefinitions definitions, WakeUpHub wakeUps,
			SafeEvents events) {
		return new RecurringDuties(List.of(
				new DeclareRecurringJobs(stores.recurringSteps(), declarations.all(), schedules, conflicts,
						InstantSource.system()),
				new FireRecurringJobs(stores.recurringSteps(), schedules, wakeUps, events, definitions::complete,
						definitions::knows)));
	}

}
