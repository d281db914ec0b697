package io.jobstarter.autoconfigure;

import java.lang.reflect.Method;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

import io.jobstarter.BackgroundJob;
import io.jobstarter.JobAttempt;
import io.jobstarter.JobClient;
import io.jobstarter.JobHandler;
import org.aopalliance.intercept.MethodInterceptor;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.aop.Advisor;
import org.springframework.aop.support.AopUtils;
import org.springframework.aop.support.DefaultPointcutAdvisor;
import org.springframework.aop.support.RootClassFilter;
import org.springframework.aop.support.StaticMethodMatcherPointcut;
import org.springframework.beans.factory.config.BeanDefinition;
import org.springframework.boot.LazyInitializationBeanFactoryPostProcessor;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.aop.AopAutoConfiguration;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.cache.CacheManager;
import org.springframework.cache.annotation.Cacheable;
import org.springframework.cache.annotation.EnableCaching;
import org.springframework.cache.concurrent.ConcurrentMapCacheManager;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.context.annotation.Role;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Transactional;
import org.springframework.transaction.support.TransactionSynchronizationManager;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Tests of handlers that Spring has put a proxy around, or has not created yet.
 */
class HandlerBeanTests {

	private static final List<String> CALLS = new CopyOnWriteArrayList<>();

	private final ApplicationContextRunner application = Contexts.onH2()
		.withConfiguration(AutoConfigurations.of(AopAutoConfiguration.class));

	@BeforeEach
	void reset() {
		CALLS.clear();
	}

	@ParameterizedTest
	@ValueSource(booleans = { true, false })
	void callsHandlersThroughTheirProxies(boolean proxyTargetClass) {
		this.application.withUserConfiguration(Proxied.class)
			.withPropertyValues("spring.aop.proxy-target-class=" + proxyTargetClass)
			.run((context) -> {
				assertThat(AopUtils.isCglibProxy(context.getBean("paying"))).isEqualTo(proxyTargetClass);
				assertThat(AopUtils.isAopProxy(context.getBean("reporting"))).isTrue();
				JobClient jobs = context.getBean(JobClient.class);
				jobs.enqueue(new Pay(1));
				await().until(() -> CALLS.size() == 2);
				assertThat(CALLS).containsExactly("authorized", "paid in a transaction: true");
				jobs.enqueue(new Report(2));
				await().until(() -> CALLS.size() == 4);
				assertThat(CALLS).endsWith("authorized", "reported in a transaction: true");
			});
	}

	@Test
	void theAdviceMayKeepACallFromTheHandler() {
		this.application.withUserConfiguration(Cached.class).run((context) -> {
			JobClient jobs = context.getBean(JobClient.class);
			jobs.enqueue(new Count(7));
			await().until(() -> CALLS.contains("7"));
			jobs.runNow(new Count(7));
			jobs.runNow(new Count(8));
			assertThat(CALLS).containsExactly("7", "8");
		});
	}

	@Test
	void namesTheMethodThatAProxyOfInterfacesDoesNotHave() {
		FailureAnalysis analysis = StartFailures.analysisOf(this.application.withUserConfiguration(NotDeclared.class)
			.withPropertyValues("spring.aop.proxy-target-class=false"));
		assertThat(analysis.getDescription()).contains("NotDeclared$Paying.repay() is in none of the interfaces",
				Pays.class.getName());
		assertThat(analysis.getAction()).contains("spring.aop.proxy-target-class=true").endsWith(".");
	}

	@Test
	void callsTheSameMethodThroughAProxyOfItsClass() {
		this.application.withUserConfiguration(NotDeclared.class).run((context) -> {
			context.getBean(JobClient.class).enqueue(new Report(1));
			await().until(() -> CALLS.contains("repaid in a transaction: true"));
		});
	}

	@Test
	void namesTheHandlerThatItsBeanMethodHides() {
		FailureAnalysis analysis = StartFailures.analysisOf(this.application.withUserConfiguration(Hidden.class));
		assertThat(analysis.getDescription()).contains("Reporting.report() was not found in time: its bean 'hidden' is "
				+ "declared as " + Reports.class.getName());
		assertThat(analysis.getAction()).contains("Declare the class itself").endsWith(".");
	}

	@Test
	void createsNoHandlerBeforeItsFirstJobWhereBeansAreLazy() {
		this.application.withUserConfiguration(Lazy.class)
			.withInitializer(
					(context) -> context.addBeanFactoryPostProcessor(new LazyInitializationBeanFactoryPostProcessor()))
			.run((context) -> {
				JobClient jobs = context.getBean(JobClient.class);
				assertThat(CALLS).isEmpty();
				jobs.enqueue(new Pay(1));
				await().until(() -> CALLS.size() == 2);
				assertThat(CALLS).containsExactly("created", "paid");
			});
	}

	private static void call(String what) {
		CALLS.add(what + " in a transaction: " + TransactionSynchronizationManager.isActualTransactionActive());
	}

	record Pay(int id) {
	}

	record Report(int id) {
	}

	record Count(int id) {
	}

	interface Pays {

		void pay(Pay pay);

	}

	interface Reports {

		void report(Report report);

	}

	@BackgroundJob(beanName = "paying")
	@Transactional
	static class Paying implements JobHandler<Pay> {

		@Override
		public void handle(Pay pay, JobAttempt attempt) {
			call("paid");
		}

	}

	@Component("reporting")
	static class Reporting implements Reports {

		@Override
		@BackgroundJob
		@Transactional
		public void report(Report report) {
			call("reported");
		}

	}

	@Configuration(proxyBeanMethods = false)
	@Import({ Paying.class, Reporting.class })
	static class Proxied {

		// As method security does it.
		@Bean
		@Role(BeanDefinition.ROLE_INFRASTRUCTURE)
		static Advisor authorization() {
			StaticMethodMatcherPointcut handlers = new StaticMethodMatcherPointcut() {

				@Override
				public boolean matches(Method method, Class<?> targetClass) {
					return method.getName().equals("handle") || method.getName().equals("report");
				}

			};
			handlers.setClassFilter((type) -> new RootClassFilter(Paying.class).matches(type)
					|| Reporting.class.isAssignableFrom(type));
			DefaultPointcutAdvisor advisor = new DefaultPointcutAdvisor(handlers, (MethodInterceptor) (invocation) -> {
				CALLS.add("authorized");
				return invocation.proceed();
			});
			advisor.setOrder(0);
			return advisor;
		}

	}

	@EnableCaching
	@Configuration(proxyBeanMethods = false)
	@Import(Counting.class)
	static class Cached {

		@Bean
		CacheManager cacheManager() {
			return new ConcurrentMapCacheManager();
		}

	}

	@Component
	static class Counting {

		@BackgroundJob
		@Cacheable("counts")
		public String count(Count count) {
			CALLS.add(String.valueOf(count.id()));
			return "counted";
		}

	}

	@Configuration(proxyBeanMethods = false)
	@Import(NotDeclared.Paying.class)
	static class NotDeclared {

		@Component
		@Transactional
		static class Paying implements Pays {

			@Override
			public void pay(Pay pay) {
			}

			@BackgroundJob
			public void repay(Report report) {
				call("repaid");
			}

		}

	}

	// Whoever needs the client early makes the handlers be looked for early.
	@Configuration(proxyBeanMethods = false)
	static class Hidden {

		Hidden(JobClient jobs) {
		}

		@Bean
		Reports hidden() {
			return new Reporting();
		}

	}

	@Configuration(proxyBeanMethods = false)
	@Import(LazyHandler.class)
	static class Lazy {

	}

	@BackgroundJob
	static class LazyHandler implements JobHandler<Pay> {

		LazyHandler() {
			CALLS.add("created");
		}

		@Override
		public void handle(Pay pay, JobAttempt attempt) {
			CALLS.add("paid");
		}

	}

}
