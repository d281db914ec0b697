package io.jobstarter.autoconfigure;

import java.lang.reflect.Proxy;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executor;

import javax.sql.DataSource;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.jobstarter.BackgroundJob;
import io.jobstarter.CurrentOperator;
import io.jobstarter.DeadLetter;
import io.jobstarter.DeadLetterCallback;
import io.jobstarter.DeadLetterNotifier;
import io.jobstarter.JobClient;
import io.jobstarter.JobId;
import io.jobstarter.JobInfo;
import io.jobstarter.JobOperations;
import io.jobstarter.JobPayloadSerializer;
import io.jobstarter.JobState;
import io.jobstarter.OnDead;
import io.jobstarter.autoconfigure.Greetings.Greet;
import io.jobstarter.autoconfigure.TransactionManagerReference.AmbiguousTransactionManagerException;
import io.jobstarter.autoconfigure.actuate.BackgroundJobActuatorAutoConfiguration;
import io.jobstarter.autoconfigure.actuate.BackgroundJobMetricsAutoConfiguration;
import io.jobstarter.autoconfigure.actuate.DeadLettersEndpoint;
import io.jobstarter.autoconfigure.actuate.JobBreakersEndpoint;
import io.jobstarter.autoconfigure.actuate.JobMeters;
import io.jobstarter.autoconfigure.actuate.JobQueuesEndpoint;
import io.jobstarter.autoconfigure.actuate.JobWorkersEndpoint;
import io.jobstarter.autoconfigure.actuate.JobsEndpoint;
import io.jobstarter.autoconfigure.actuate.PayloadMask;
import io.jobstarter.handler.HandlerRegistry;
import io.jobstarter.policy.RetryPolicy;
import io.jobstarter.worker.JobWorker;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.transaction.UserTransaction;
import org.flywaydb.core.Flyway;
import org.junit.jupiter.api.Test;

import org.springframework.aop.framework.ProxyFactory;
import org.springframework.aop.target.SingletonTargetSource;
import org.springframework.boot.actuate.autoconfigure.endpoint.EndpointAutoConfiguration;
import org.springframework.boot.actuate.autoconfigure.endpoint.jmx.JmxEndpointAutoConfiguration;
import org.springframework.boot.actuate.endpoint.annotation.Endpoint;
import org.springframework.boot.actuate.endpoint.jmx.annotation.JmxEndpointDiscoverer;
import org.springframework.boot.actuate.health.Health;
import org.springframework.boot.actuate.health.HealthIndicator;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.jdbc.DataSourceAutoConfiguration;
import org.springframework.boot.autoconfigure.jmx.JmxAutoConfiguration;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.assertj.AssertableApplicationContext;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Primary;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.jta.JtaTransactionManager;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Tests of {@link BackgroundJobAutoConfiguration}: what it brings, and when it steps
 * back.
 */
class BackgroundJobAutoConfigurationTests {

	private final ApplicationContextRunner complete = Contexts.complete().withUserConfiguration(Greetings.class);

	@Test
	void runsAJobOfAnApplicationThatSaysNothing() {
		this.complete.run((context) -> {
			context.getBean(JobClient.class).enqueue(new Greet("you"));
			await().until(() -> context.getBean(Greetings.class).greeted(), List.of("you")::equals);
		});
	}

	@Test
	void startsWithoutAHandler() {
		Contexts.complete()
			.run((context) -> assertThat(context).hasNotFailed()
				.hasSingleBean(JobClient.class)
				.hasSingleBean(JobWorker.class));
	}

	@Test
	void namesEveryBeanOfItsOwnWithItsPrefix() {
		this.complete.run((context) -> assertThat(context.getBeanDefinitionNames()).filteredOn((name) -> {
			Class<?> type = context.getType(name);
			return type != null && type.getName().startsWith("io.jobstarter.")
			// Boot's own, in a wrapper of ours.
					&& !name.equals("flywayDefaultDdlModeProvider") && !type.getSimpleName().endsWith("Configuration")
					&& type != Greetings.class && !type.getSimpleName().endsWith("Properties");
		}).hasSizeGreaterThan(10).allMatch((name) -> name.startsWith("backgroundJob")));
	}

	@Test
	void addsNoBeanThatBootOrTheApplicationLooksFor() {
		this.complete.run((context) -> {
			assertThat(context).getBeanNames(DataSource.class).containsExactly("dataSource");
			assertThat(context).getBeanNames(PlatformTransactionManager.class).containsExactly("transactionManager");
			assertThat(context).getBeanNames(Executor.class).containsExactly("applicationTaskExecutor");
			assertThat(context).getBeanNames(ObjectMapper.class).containsExactly("jacksonObjectMapper");
			assertThat(context).getBeanNames(Flyway.class).containsExactly("flyway");
		});
	}

	@Test
	void addsNoFlywayToAnApplicationWithoutFlyway() {
		new ApplicationContextRunner()
			.withConfiguration(
					AutoConfigurations.of(DataSourceAutoConfiguration.class, BackgroundJobAutoConfiguration.class))
			.withUserConfiguration(Greetings.class)
			.run((context) -> assertThat(context).hasNotFailed()
				.doesNotHaveBean(Flyway.class)
				.doesNotHaveBean(PlatformTransactionManager.class)
				.hasSingleBean(JobClient.class));
	}

	@Test
	void leavesPayloadsToTheApplicationsSerializer() {
		this.complete.withUserConfiguration(ShoutingSerializer.class).run((context) -> {
			assertThat(context).getBeanNames(JobPayloadSerializer.class).containsExactly("shoutingSerializer");
			context.getBean(JobClient.class).enqueue(new Greet("you"));
			await().until(() -> context.getBean(Greetings.class).greeted(), List.of("YOU")::equals);
		});
	}

	@Test
	void leavesRetriesToTheApplicationsPolicy() {
		this.complete.withUserConfiguration(NoRetry.class, Moody.class).run((context) -> {
			assertThat(context).getBeanNames(RetryPolicy.class).containsExactly("noRetry");
			JobId id = context.getBean(JobClient.class).enqueue(new Moody.Sulk()).id();
			await().until(() -> state(context.getBean(JobOperations.class), id), JobState.DEAD::equals);
		});
	}

	@Test
	void leavesNotificationsToTheApplicationAndTellsHandlersOfTheirDeadLetters() {
		this.complete.withUserConfiguration(NoRetry.class, Mourning.class).run((context) -> {
			assertThat(context).getBeanNames(DeadLetterNotifier.class).containsExactly("ownNotifier");
			Mourning mourning = context.getBean(Mourning.class);
			JobId id = context.getBean(JobClient.class).enqueue(new Mourning.Fade()).id();
			await().until(() -> List.copyOf(mourning.told), List.of(id)::equals);
			await().until(() -> List.copyOf(mourning.notified), List.of(id)::equals);
			JobOperations operations = context.getBean(JobOperations.class);
			await().until(() -> operations.deadLetter(id).orElseThrow().callback().state(),
					DeadLetterCallback.State.DONE::equals);
			operations.discard(id);
			assertThat(operations.deadLetter(id).orElseThrow().resolution().by()).isEqualTo("alice");
		});
	}

	@Test
	void leavesTheClientToTheApplication() {
		this.complete.withUserConfiguration(OwnClient.class)
			.run((context) -> assertThat(context).getBeanNames(JobClient.class).containsExactly("ownClient"));
	}

	@Test
	void leavesTheOperationsToTheApplication() {
		this.complete.withUserConfiguration(OwnOperations.class)
			.run((context) -> assertThat(context).getBeanNames(JobOperations.class).containsExactly("ownOperations"));
	}

	@Test
	void startsWithTheApplicationsOperationsWhereJobsAreSwitchedOff() {
		this.complete.withUserConfiguration(OwnOperations.class)
			.withPropertyValues("background-jobs.enabled=false")
			.run((context) -> assertThat(context).hasNotFailed()
				.doesNotHaveBean(JobClient.class)
				.doesNotHaveBean(JobMeters.class));
	}

	@Test
	void leavesEndpointsToTheApplication() {
		this.complete.withUserConfiguration(OwnEndpoints.class).run((context) -> {
			assertThat(context).getBeanNames(JobsEndpoint.class).containsExactly("ownJobs");
			assertThat(context).getBeanNames(DeadLettersEndpoint.class).containsExactly("ownDeadLetters");
			assertThat(context).getBeanNames(JobQueuesEndpoint.class).containsExactly("ownQueues");
			assertThat(context).getBeanNames(JobWorkersEndpoint.class).containsExactly("ownWorkers");
			assertThat(context).getBeanNames(JobBreakersEndpoint.class).containsExactly("ownBreakers");
		});
	}

	@Test
	void knowsNobodyWithoutSpringSecurity() {
		this.complete.withClassLoader(new FilteredClassLoader("org.springframework.security"))
			.run((context) -> assertThat(context.getBean(CurrentOperator.class)).isSameAs(CurrentOperator.UNKNOWN));
		this.complete.run((context) -> assertThat(context.getBean(CurrentOperator.class).name()).isNull());
	}

	@Test
	void leavesHealthToTheApplication() {
		this.complete.withUserConfiguration(OwnHealth.class)
			.run((context) -> assertThat(context.getBean("backgroundJobsHealthIndicator", HealthIndicator.class)
				.health()
				.getStatus()
				.getCode()).isEqualTo("FINE"));
	}

	@Test
	void leavesMetersToTheApplication() {
		this.complete.withUserConfiguration(OwnMeters.class)
			.run((context) -> assertThat(context).getBeanNames(JobMeters.class).containsExactly("ownMeters"));
	}

	@Test
	void showsHealthUnlessSwitchedOffByEitherSpelling() {
		this.complete.run((context) -> assertThat(context).hasBean("backgroundJobsHealthIndicator"));
		this.complete.withPropertyValues("management.health.background-jobs.enabled=false")
			.run((context) -> assertThat(context).doesNotHaveBean("backgroundJobsHealthIndicator"));
		this.complete.withPropertyValues("management.health.backgroundJobs.enabled=false")
			.run((context) -> assertThat(context).doesNotHaveBean("backgroundJobsHealthIndicator"));
	}

	@Test
	void showsNoEndpointThatIsNotExposed() {
		this.complete
			.withPropertyValues("management.endpoints.web.exposure.include=health",
					"management.endpoints.jmx.exposure.include=health")
			.run(BackgroundJobAutoConfigurationTests::assertWithoutEndpoints);
	}

	// Nor is anything exposed by default, by HTTP or by JMX.
	@Test
	void showsNoEndpointUnlessItIsExposed() {
		Contexts.onH2()
			.withConfiguration(AutoConfigurations.of(JmxAutoConfiguration.class, EndpointAutoConfiguration.class,
					JmxEndpointAutoConfiguration.class, BackgroundJobActuatorAutoConfiguration.class))
			.withPropertyValues("spring.jmx.enabled=true", "spring.jmx.unique-names=true")
			.run((context) -> {
				assertWithoutEndpoints(context);
				assertThat(context).hasSingleBean(JobOperations.class).hasSingleBean(JmxEndpointDiscoverer.class);
			});
	}

	private static void assertWithoutEndpoints(AssertableApplicationContext context) {
		assertThat(context).hasNotFailed();
		assertThat(context.getBeansWithAnnotation(Endpoint.class).values())
			.noneMatch((bean) -> bean.getClass().getName().startsWith("io.jobstarter."));
	}

	@Test
	void bringsNothingWithoutADataSource() {
		new ApplicationContextRunner()
			.withConfiguration(AutoConfigurations.of(BackgroundJobAutoConfiguration.class,
					BackgroundJobActuatorAutoConfiguration.class, BackgroundJobMetricsAutoConfiguration.class))
			.run((context) -> assertThat(context).hasNotFailed()
				.doesNotHaveBean(JobClient.class)
				.doesNotHaveBean(PayloadMask.class));
	}

	@Test
	void bringsNothingWhereItIsSwitchedOffButWhatKeepsFlywayAway() {
		this.complete.withPropertyValues("background-jobs.enabled=false", "background-jobs.worker.lease=1ms")
			.run((context) -> assertThat(context.getBeanDefinitionNames())
				.filteredOn((name) -> name.startsWith("backgroundJob"))
				.containsExactlyInAnyOrder("backgroundJobFlywayMigrationStrategy", "backgroundJobUnmanagedSchema",
						"backgroundJobNeedlessFlyway"));
	}

	@Test
	void onlyEnqueuesWhereTheWorkerIsSwitchedOff() {
		this.complete.withPropertyValues("background-jobs.worker.enabled=false").run((context) -> {
			JobId id = context.getBean(JobClient.class).enqueue(new Greet("later")).id();
			assertThat(context.getBean(JobOperations.class).find(id)).map(JobInfo::state).contains(JobState.READY);
			assertThat(context).doesNotHaveBean(JobWorker.class)
				.doesNotHaveBean("backgroundJobMaintenance")
				.doesNotHaveBean("backgroundJobsHealthIndicator")
				.hasSingleBean(JobMeters.class);
			assertThat(Thread.getAllStackTraces().keySet()).extracting(Thread::getName)
				.noneMatch((name) -> name.startsWith("background-jobs-"));
			assertThat(context.getBean(JobOperations.class).workers()).isEmpty();
		});
	}

	@Test
	void startsWithoutActuator() {
		Contexts.onH2()
			.withUserConfiguration(Greetings.class)
			.withConfiguration(AutoConfigurations.of(BackgroundJobActuatorAutoConfiguration.class))
			.withClassLoader(new FilteredClassLoader("org.springframework.boot.actuate"))
			.run((context) -> assertThat(context).hasNotFailed()
				.hasSingleBean(JobClient.class)
				.doesNotHaveBean(PayloadMask.class));
	}

	@Test
	void startsWithoutMeters() {
		Contexts.onH2()
			.withUserConfiguration(Greetings.class)
			.withConfiguration(AutoConfigurations.of(BackgroundJobMetricsAutoConfiguration.class))
			.withClassLoader(new FilteredClassLoader(MeterRegistry.class))
			.run((context) -> assertThat(context).hasNotFailed()
				.hasSingleBean(JobClient.class)
				.doesNotHaveBean("backgroundJobMeters"));
	}

	@Test
	void joinsTheOneTransactionManagerThatIsPrimary() {
		this.complete.withUserConfiguration(TwoTransactionManagers.class, PrimaryTransactionManager.class)
			.run((context) -> assertThat(context.getBean(TransactionManagerReference.class).manager())
				.isSameAs(context.getBean("chosen")));
	}

	@Test
	void joinsATransactionManagerOfJta() {
		this.complete.withUserConfiguration(SpanningTransactionManager.class)
			.run((context) -> assertThat(context.getBean(TransactionManagerReference.class).manager())
				.isSameAs(context.getBean("spanning")));
	}

	@Test
	void prefersTheTransactionManagerThatIsKnownToFitToAPrimaryOneThatMayFit() {
		this.complete.withUserConfiguration(PrimarySpanningTransactionManager.class, FittingTransactionManager.class)
			.run((context) -> assertThat(context.getBean(TransactionManagerReference.class).manager())
				.isSameAs(context.getBean("fitting")));
	}

	@Test
	void takesNoTransactionManagerForItsOwnThatDoesNotSayWhatItManages() {
		this.complete.withUserConfiguration(SilentTransactionManager.class)
			.run((context) -> assertThat(context.getBean(TransactionManagerReference.class).manager())
				.isInstanceOf(JdbcTransactionManager.class));
	}

	@Test
	void joinsATransactionManagerThatDoesNotSayWhatItManagesIfItIsMarked() {
		this.complete.withUserConfiguration(MarkedSilentTransactionManager.class)
			.run((context) -> assertThat(context.getBean(TransactionManagerReference.class).manager())
				.isSameAs(context.getBean("marked")));
	}

	@Test
	void joinsATransactionManagerThatStandsBehindAProxy() {
		this.complete.withUserConfiguration(ProxiedTransactionManager.class)
			.run((context) -> assertThat(context.getBean(TransactionManagerReference.class).manager())
				.isNotInstanceOf(JdbcTransactionManager.class)
				.isSameAs(context.getBean("proxied")));
	}

	@Test
	void prefersTheTransactionManagerThatIsKnownToFit() {
		this.complete.withUserConfiguration(SpanningTransactionManager.class, FittingTransactionManager.class)
			.run((context) -> assertThat(context.getBean(TransactionManagerReference.class).manager())
				.isSameAs(context.getBean("fitting")));
	}

	@Test
	void doesNotGuessAmongSeveralTransactionManagers() {
		this.complete.withUserConfiguration(TwoTransactionManagers.class)
			.run((context) -> assertThat(context).getFailure()
				.hasRootCauseInstanceOf(AmbiguousTransactionManagerException.class)
				.rootCause()
				.hasMessageContaining("2 transaction managers"));
	}

	private static JobState state(JobOperations operations, JobId id) {
		return operations.find(id).map(JobInfo::state).orElseThrow();
	}

	@Configuration(proxyBeanMethods = false)
	static class ShoutingSerializer {

		@Bean
		JobPayloadSerializer shoutingSerializer() {
			return new JobPayloadSerializer() {

				@Override
				public String serialize(Object payload) {
					return ((Greet) payload).name();
				}

				@Override
				public <T> T deserialize(String text, Class<T> type) {
					return type.cast(new Greet(text.toUpperCase(Locale.ROOT)));
				}

			};
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class NoRetry {

		@Bean
		RetryPolicy noRetry() {
			return (failures, error) -> Optional.empty();
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class Moody {

		@BackgroundJob
		void sulk(Sulk sulk) {
			throw new UnsupportedOperationException("no");
		}

		record Sulk() {
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class Mourning {

		private final List<JobId> told = new CopyOnWriteArrayList<>();

		private final List<JobId> notified = new CopyOnWriteArrayList<>();

		@BackgroundJob
		void fade(Fade fade) {
			throw new UnsupportedOperationException("no");
		}

		@OnDead
		void faded(Fade fade, DeadLetter letter) {
			this.told.add(letter.id());
		}

		@Bean
		DeadLetterNotifier ownNotifier() {
			return (letter) -> this.notified.add(letter.id());
		}

		@Bean
		CurrentOperator ownOperator() {
			return () -> "alice";
		}

		record Fade() {
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class OwnClient {

		@Bean
		JobClient ownClient() {
			return unused(JobClient.class);
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class OwnOperations {

		@Bean
		JobOperations ownOperations() {
			return unused(JobOperations.class);
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class OwnEndpoints {

		@Bean
		JobsEndpoint ownJobs(JobOperations operations, PayloadMask mask) {
			return new JobsEndpoint(operations, mask);
		}

		@Bean
		DeadLettersEndpoint ownDeadLetters(JobOperations operations, PayloadMask mask) {
			return new DeadLettersEndpoint(operations, mask);
		}

		@Bean
		JobQueuesEndpoint ownQueues(JobOperations operations) {
			return new JobQueuesEndpoint(operations, Set.of());
		}

		@Bean
		JobWorkersEndpoint ownWorkers(JobOperations operations) {
			return new JobWorkersEndpoint(operations);
		}

		@Bean
		JobBreakersEndpoint ownBreakers(JobOperations operations) {
			return new JobBreakersEndpoint(operations);
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class OwnHealth {

		@Bean
		HealthIndicator backgroundJobsHealthIndicator() {
			return () -> Health.status("FINE").build();
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class OwnMeters {

		@Bean
		JobMeters ownMeters(MeterRegistry registry) {
			return new JobMeters(registry, new HandlerRegistry(List.of()), new QueueTags(Set.of()), () -> 0);
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class SpanningTransactionManager {

		@Bean
		PlatformTransactionManager spanning() {
			return new JtaTransactionManager(unused(UserTransaction.class));
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class PrimarySpanningTransactionManager {

		@Bean
		@Primary
		PlatformTransactionManager spanning() {
			return new JtaTransactionManager(unused(UserTransaction.class));
		}

	}

	/**
	 * As that of a graph database.
	 */
	@Configuration(proxyBeanMethods = false)
	static class SilentTransactionManager {

		@Bean
		PlatformTransactionManager silent() {
			return unused(PlatformTransactionManager.class);
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class MarkedSilentTransactionManager {

		@Bean
		@BackgroundJobTransactionManager
		PlatformTransactionManager marked() {
			return unused(PlatformTransactionManager.class);
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class ProxiedTransactionManager {

		@Bean
		PlatformTransactionManager proxied(DataSource dataSource) {
			ProxyFactory proxy = new ProxyFactory(PlatformTransactionManager.class,
					new SingletonTargetSource(new JdbcTransactionManager(dataSource)));
			return (PlatformTransactionManager) proxy.getProxy();
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class FittingTransactionManager {

		@Bean
		PlatformTransactionManager fitting(DataSource dataSource) {
			return new JdbcTransactionManager(dataSource);
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class TwoTransactionManagers {

		@Bean
		PlatformTransactionManager one(DataSource dataSource) {
			return new JdbcTransactionManager(dataSource);
		}

		@Bean
		PlatformTransactionManager another(DataSource dataSource) {
			return new JdbcTransactionManager(dataSource);
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class PrimaryTransactionManager {

		@Bean
		@Primary
		PlatformTransactionManager chosen(DataSource dataSource) {
			return new JdbcTransactionManager(dataSource);
		}

	}

	private static <T> T unused(Class<T> type) {
		return type
			.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] { type }, (proxy, method, args) -> {
				if (method.getDeclaringClass() == Object.class) {
					return method.invoke(OBJECT, (method.getName().equals("equals")) ? new Object[] { proxy } : args);
				}
				throw new UnsupportedOperationException(method.getName() + Arrays.toString(args));
			}));
	}

	private static final Object OBJECT = new Object();

}
