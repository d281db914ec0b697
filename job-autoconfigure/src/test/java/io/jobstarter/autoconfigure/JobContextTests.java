package io.jobstarter.autoconfigure;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BiConsumer;

import io.jobstarter.BackgroundJob;
import io.jobstarter.JobAttempt;
import io.jobstarter.JobClient;
import io.jobstarter.JobContextPropagator;
import io.jobstarter.context.LocalePropagator;
import io.jobstarter.context.MdcPropagator;
import io.jobstarter.context.TracePropagator;
import io.jobstarter.worker.JobWorker;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.slf4j.MDC;

import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.i18n.LocaleContextHolder;
import org.springframework.core.annotation.Order;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Tests of what jobs take along from the thread that enqueues them.
 */
class JobContextTests {

	private static final ThreadLocal<@Nullable String> TENANT = new ThreadLocal<>();

	/** As a security context may be kept. */
	private static final InheritableThreadLocal<@Nullable String> USER = new InheritableThreadLocal<>();

	private final ApplicationContextRunner application = Contexts.onH2()
		.withUserConfiguration(Looking.class)
		.withPropertyValues("background-jobs.queues.default.concurrency=1", "background-jobs.log.mdc=false");

	@AfterEach
	void clear() {
		MDC.clear();
		LocaleContextHolder.resetLocaleContext();
		TENANT.remove();
		USER.remove();
	}

	@Test
	void jobsSeeTheChosenKeysOfTheMdcAndTheNextJobDoesNot() {
		this.application.withPropertyValues("background-jobs.context.mdc-keys=requestId,tenant").run((context) -> {
			MDC.put("requestId", "r-1");
			MDC.put("password", "secret");
			assertThat(look(context).mdc()).isEqualTo(Map.of("requestId", "r-1"));
			MDC.clear();
			assertThat(look(context).mdc()).isEmpty();
		});
	}

	@Test
	void jobsSeeNothingOfTheMdcUnlessAsked() {
		this.application.run((context) -> {
			MDC.put("requestId", "r-1");
			Seen seen = look(context);
			assertThat(seen.mdc()).isEmpty();
			assertThat(seen.headers()).isEmpty();
		});
	}

	@Test
	void whatAHandlerLeavesInTheMdcIsGoneForTheNextJob() {
		this.application.run((context) -> {
			assertThat(look(context, "leave").mdc()).isEmpty();
			assertThat(look(context, "leave").mdc()).isEmpty();
		});
	}

	@Test
	void whatHandlersLogNamesTheJobUnlessSwitchedOff() {
		this.application.withPropertyValues("background-jobs.log.mdc=true").run((context) -> {
			long worker = context.getBean(JobWorker.class).health().id();
			assertThat(look(context).mdc()).isEqualTo(Map.of("jobId", "1", "jobName", "look", "queue", "default",
					"attempt", "1", "worker", Long.toString(worker)));
			assertThat(look(context, "jobId").mdc()).containsEntry("jobId", "2");
			assertThat(look(context).mdc()).containsEntry("jobId", "3").hasSize(5);
		});
	}

	@Test
	void jobsSeeTheLocaleWhereAsked() {
		this.application.withPropertyValues("background-jobs.context.locale=true").run((context) -> {
			LocaleContextHolder.setLocale(Locale.forLanguageTag("de-AT"));
			assertThat(look(context).locale()).isEqualTo(Locale.forLanguageTag("de-AT"));
			LocaleContextHolder.resetLocaleContext();
			assertThat(look(context).locale()).isEqualTo(Locale.getDefault());
		});
	}

	@Test
	void jobsSeeNoLocaleUnlessAsked() {
		this.application.run((context) -> {
			LocaleContextHolder.setLocale(Locale.forLanguageTag("de-AT"));
			assertThat(look(context).locale()).isEqualTo(Locale.getDefault());
			assertThat(context).doesNotHaveBean(LocalePropagator.class);
		});
	}

	@Test
	void jobsWorkForTheTenantOfThePropagatorsInTheirOrder() {
		this.application.withUserConfiguration(TenantPropagators.class).run((context) -> {
			TENANT.set("blue");
			assertThat(look(context).tenant()).isEqualTo("blue");
			TENANT.remove();
			assertThat(look(context).tenant()).isNull();
			assertThat(context.getBean(TenantPropagators.class).order).containsExactly("first", "second", "first",
					"second");
		});
	}

	@Test
	void nobodysUserIsCarriedSilently() {
		this.application.run((context) -> {
			USER.set("admin");
			assertThat(look(context).user()).isNull();
		});
	}

	@Test
	void leavesTheMdcAndTheLocaleToTheApplication() {
		this.application.withUserConfiguration(OwnPropagators.class)
			.withPropertyValues("background-jobs.context.locale=true")
			.run((context) -> {
				assertThat(context).getBeanNames(MdcPropagator.class).containsExactly("ownMdc");
				assertThat(context).getBeanNames(LocalePropagator.class).containsExactly("ownLocale");
				MDC.put("own", "x");
				assertThat(look(context).mdc()).isEqualTo(Map.of("own", "x"));
			});
	}

	@Test
	void runsWithoutTheClassesOfTracingAndLogging() {
		this.application.withClassLoader(new FilteredClassLoader("io.micrometer.tracing", "org.slf4j.MDC"))
			.run((context) -> {
				assertThat(context).doesNotHaveBean(TracePropagator.class).doesNotHaveBean(MdcPropagator.class);
				assertThat(look(context).headers()).isEmpty();
			});
	}

	private static Seen look(ApplicationContext context) {
		return look(context, "");
	}

	private static Seen look(ApplicationContext context, String leave) {
		List<Seen> seen = context.getBean(Looking.class).seen;
		int before = seen.size();
		context.getBean(JobClient.class).enqueue(new Look(leave));
		await().until(() -> seen.size() > before);
		return seen.get(before);
	}

	record Look(String leave) {
	}

	/**
	 * What a handler saw.
	 *
	 * @param mdc the MDC
	 * @param locale the locale
	 * @param tenant the tenant
	 * @param user the user
	 * @param headers the job's headers
	 */
	record Seen(Map<String, String> mdc, Locale locale, @Nullable String tenant, @Nullable String user,
			Map<String, String> headers) {
	}

	@Configuration(proxyBeanMethods = false)
	static class Looking {

		private final List<Seen> seen = new CopyOnWriteArrayList<>();

		@BackgroundJob
		void look(Look look, JobAttempt attempt) {
			Map<String, String> mdc = MDC.getCopyOfContextMap();
			this.seen.add(new Seen((mdc != null) ? mdc : Map.of(), LocaleContextHolder.getLocale(), TENANT.get(),
					USER.get(), attempt.headers()));
			if (!look.leave().isEmpty()) {
				MDC.put(look.leave(), "x");
			}
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class OwnPropagators {

		@Bean
		MdcPropagator ownMdc() {
			return new MdcPropagator(List.of("own"));
		}

		@Bean
		LocalePropagator ownLocale() {
			return new LocalePropagator();
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class TenantPropagators {

		private final List<String> order = new CopyOnWriteArrayList<>();

		@Bean
		@Order(2)
		JobContextPropagator second() {
			return new TenantPropagator(this.order, "second");
		}

		@Bean
		@Order(1)
		JobContextPropagator first() {
			return new TenantPropagator(this.order, "first");
		}

	}

	/**
	 * Lets jobs work for the tenant that they were enqueued for.
	 *
	 * @param order notes who restores when
	 * @param name its name
	 */
	record TenantPropagator(List<String> order, String name) implements JobContextPropagator {

		@Override
		public void capture(BiConsumer<String, @Nullable String> headers) {
			headers.accept("tenant", TENANT.get());
		}

		@Override
		public Scope restore(Map<String, String> headers) {
			this.order.add(this.name);
			String tenant = headers.get("tenant");
			if (tenant == null) {
				return Scope.NONE;
			}
			TENANT.set(tenant);
			return TENANT::remove;
		}

	}

}
