package io.jobstarter.handler;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import io.jobstarter.BackgroundJob;
import io.jobstarter.JobAttempt;
import io.jobstarter.JobHandler;
import io.jobstarter.JobId;
import io.jobstarter.execution.AttemptContext;
import org.aopalliance.intercept.MethodInterceptor;
import org.assertj.core.api.ThrowableAssertAlternative;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.aop.framework.AbstractAdvisingBeanPostProcessor;
import org.springframework.aop.framework.autoproxy.BeanNameAutoProxyCreator;
import org.springframework.aop.support.DefaultPointcutAdvisor;
import org.springframework.beans.factory.FactoryBean;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Lazy;
import org.springframework.stereotype.Component;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests of handlers behind proxies, and of what can only be seen once the beans are
 * there.
 */
class HandlerProxyTests {

	private static final List<Object> CALLS = new ArrayList<>();

	private static int created;

	private final JobAttempt attempt = new AttemptContext(new AttemptContext.Facts(new JobId(1), "any", "default", 1,
			Instant.EPOCH, Instant.EPOCH, Map.of(), List.of(), "key"));

	private final AnnotationConfigApplicationContext context = new AnnotationConfigApplicationContext();

	private HandlerScanner scanner;

	@BeforeEach
	void reset() {
		CALLS.clear();
		created = 0;
	}

	@AfterEach
	void close() {
		this.context.close();
	}

	@Test
	void callsTheMethodThatTheInterfaceDeclaresAndTheClassAnnotates() throws Exception {
		proxyAllBeans(false);
		call(scanBeforeBeansAreThere(AnnotatedInTheClass.class));
		assertThat(CALLS).containsExactly("advice", "in the class");
	}

	@Test
	void callsADefaultMethodThroughAProxyOfInterfaces() throws Exception {
		proxyAllBeans(false);
		call(scanBeforeBeansAreThere(WithDefault.class));
		assertThat(CALLS).containsExactly("advice", "default");
	}

	@Test
	void callsAHandlerClassThroughAProxyThatAPostProcessorMakes() throws Exception {
		this.context.registerBean(AdvisingPostProcessor.class);
		call(scanBeforeBeansAreThere(FinalHandle.class));
		assertThat(CALLS).containsExactly("advice", "final handle of a bean");
	}

	@ParameterizedTest
	@ValueSource(booleans = { true, false })
	void callsAFinalHandleMethodBehindAnyProxy(boolean proxyTargetClass) throws Exception {
		proxyAllBeans(proxyTargetClass);
		call(scanBeforeBeansAreThere(FinalHandle.class));
		assertThat(CALLS).containsExactly("advice", "final handle of a bean");
	}

	@Test
	void refusesAMethodThatTheProxyOfInterfacesDoesNotHave() {
		proxyAllBeans(false);
		refused(NotInTheInterface.class)
			.withMessageContaining(NotInTheInterface.class.getName() + ".run() is in none of the interfaces")
			.withMessageContaining(Runs.class.getName())
			.withMessageContaining("Declare it in an interface")
			.withMessageContaining("spring.aop.proxy-target-class=true");
	}

	@Test
	void refusesAFinalMethodOfABeanWithAProxy() {
		proxyAllBeans(true);
		refused(FinalMethod.class).withMessageContaining(FinalMethod.class.getName() + ".run() is final")
			.withMessageContaining("Remove 'final'");
	}

	@ParameterizedTest
	@ValueSource(classes = { HiddenByInterface.class, HiddenByHandlerInterface.class, HiddenByFactory.class })
	void refusesAHandlerThatItsDeclarationHides(Class<?> type) {
		refused(type).withMessageContaining("was not found in time: its bean '")
			.withMessageContaining("is declared as ")
			.withMessageContaining("Declare the class itself");
	}

	@Test
	void createsNoBeanToCheckIt() {
		HandlerRegistry registry = scanBeforeBeansAreThere(LazyMethods.class);
		this.scanner.verify(registry);
		assertThat(registry.names()).containsExactly("placed");
		assertThat(created).isZero();
	}

	private ThrowableAssertAlternative<InvalidHandlerException> refused(Class<?> type) {
		HandlerRegistry registry = scanBeforeBeansAreThere(type);
		createBeans();
		return assertThatExceptionOfType(InvalidHandlerException.class).isThrownBy(() -> this.scanner.verify(registry));
	}

	// As in an application, where others need the registry early; hence the lazy beans.
	private HandlerRegistry scanBeforeBeansAreThere(Class<?> type) {
		this.context.register(type);
		this.context.refresh();
		this.scanner = new HandlerScanner(this.context.getBeanFactory(), new JobDefaults("default", null), Map.of());
		return this.scanner.scan();
	}

	private void createBeans() {
		for (String name : this.context.getBeanDefinitionNames()) {
			if (name.startsWith("handlerProxyTests") || name.equals("hidden")) {
				this.context.getBean(name);
			}
		}
	}

	private void call(HandlerRegistry registry) throws Exception {
		createBeans();
		this.scanner.verify(registry);
		assertThat(registry.definitions()).hasSize(1);
		registry.definitions().get(0).invoker().invoke(new Placed(1), this.attempt);
	}

	private void proxyAllBeans(boolean proxyTargetClass) {
		this.context.registerBean("advice", MethodInterceptor.class, HandlerProxyTests::advice);
		this.context.registerBean(BeanNameAutoProxyCreator.class, () -> {
			BeanNameAutoProxyCreator creator = new BeanNameAutoProxyCreator();
			creator.setBeanNames("handlerProxyTests*");
			creator.setInterceptorNames("advice");
			creator.setProxyTargetClass(proxyTargetClass);
			return creator;
		});
	}

	private static MethodInterceptor advice() {
		return (invocation) -> {
			CALLS.add("advice");
			return invocation.proceed();
		};
	}

	record Placed(int id) {
	}

	interface Runs {

		void run(Placed placed);

	}

	@Component
	@Lazy
	static class AnnotatedInTheClass implements Runs {

		@Override
		@BackgroundJob
		public void run(Placed placed) {
			CALLS.add("in the class");
		}

	}

	interface Defaults {

		@BackgroundJob
		default void run(Placed placed) {
			CALLS.add("default");
		}

	}

	@Component
	@Lazy
	static class WithDefault implements Defaults {

	}

	@BackgroundJob
	@Lazy
	static class FinalHandle implements JobHandler<Placed> {

		private final String state = "of a bean";

		@Override
		public final void handle(Placed placed, JobAttempt attempt) {
			CALLS.add("final handle " + this.state);
		}

	}

	@Component
	@Lazy
	static class NotInTheInterface implements Runs {

		@Override
		public void run(Placed placed) {
		}

		@BackgroundJob
		public void run(Placed placed, JobAttempt attempt) {
		}

	}

	@Component
	@Lazy
	static class FinalMethod {

		@BackgroundJob
		final void run(Placed placed) {
		}

	}

	@Component
	@Lazy
	static class LazyMethods {

		LazyMethods() {
			created++;
		}

		@BackgroundJob
		void run(Placed placed) {
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class HiddenByInterface {

		@Bean
		@Lazy
		Runs hidden() {
			return new AnnotatedInTheClass();
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class HiddenByHandlerInterface {

		@Bean
		@Lazy
		JobHandler<Placed> hidden() {
			return new FinalHandle();
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class HiddenByFactory {

		@Bean
		@Lazy
		FactoryBean<?> hidden() {
			return new FactoryBean<>() {

				@Override
				public Object getObject() {
					return new FinalHandle();
				}

				@Override
				public Class<?> getObjectType() {
					return FinalHandle.class;
				}

			};
		}

	}

	/**
	 * Makes proxies as validation of methods does.
	 */
	@SuppressWarnings("serial")
	static class AdvisingPostProcessor extends AbstractAdvisingBeanPostProcessor {

		AdvisingPostProcessor() {
			this.advisor = new DefaultPointcutAdvisor(advice());
			setProxyTargetClass(true);
		}

		@Override
		protected boolean isEligible(Object bean, String beanName) {
			return beanName.startsWith("handlerProxyTests") && super.isEligible(bean, beanName);
		}

	}

}
