package io.jobstarter.client;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;

import javax.sql.DataSource;

import io.jobstarter.context.ContextPropagation;
import io.jobstarter.execution.JobExecution;
import io.jobstarter.handler.HandlerRegistry;
import io.jobstarter.handler.JacksonPayloadSerializer;
import io.jobstarter.handler.JobDefinition;
import io.jobstarter.policy.BackoffPolicy;
import io.jobstarter.store.jdbc.JdbcStores;
import org.flywaydb.core.Flyway;

import org.springframework.transaction.PlatformTransactionManager;

/**
 * Clients that enqueue {@link Greet}s.
 */
final class Clients {

	private Clients() {
	}

	static JdbcStores migrated(DataSource dataSource) {
		JdbcStores stores = JdbcStores.create(dataSource, dataSource, "background_job_");
		Flyway.configure()
			.dataSource(dataSource)
			.locations(stores.migrationLocation())
			.placeholders(Map.of("prefix", "background_job_"))
			.load()
			.migrate();
		return stores;
	}

	static DefaultJobClient of(Enqueuer enqueuer, PlatformTransactionManager transactionManager) {
		JacksonPayloadSerializer serializer = new JacksonPayloadSerializer();
		HandlerRegistry registry = new HandlerRegistry(List.of(new JobDefinition("greet", Set.of(), "the test",
				Greet.class, "greetings", 0, null, false, true, List.of(), List.of(), (payload, attempt) -> {
				})));
		return new DefaultJobClient(registry, new NewJobFactory(serializer, 200, ContextPropagation.NONE), enqueuer,
				new JobExecution(registry, serializer, List.of(), UnaryOperator.identity(), BackoffPolicy.DEFAULT,
						List.of()),
				transactionManager);
	}

	record Greet(String name) {
	}

}
