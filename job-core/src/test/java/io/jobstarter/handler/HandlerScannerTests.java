package io.jobstarter.handler;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import java.net.SocketException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;

import io.jobstarter.BackgroundJob;
import io.jobstarter.DiscardOn;
import io.jobstarter.JobAttempt;
import io.jobstarter.JobHandler;
import io.jobstarter.JobId;
import io.jobstarter.RetryOn;
import io.jobstarter.execution.AttemptContext;
import org.aopalliance.intercept.MethodInterceptor;
import org.assertj.core.api.ThrowableAssertAlternative;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.aop.framework.autoproxy.BeanNameAutoProxyCreator;
import org.springframework.aop.support.AopUtils;
import org.springframework.beans.factory.FactoryBean;
import org.springframework.beans.factory.config.BeanDefinition;
import org.springframework.beans.factory.support.DefaultListableBeanFactory;
import org.springframework.beans.factory.support.RootBeanDefinition;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Lazy;
import org.springframework.context.annotation.Scope;
import org.springframework.context.annotation.ScopedProxyMode;
import org.springframework.core.annotation.AliasFor;
import org.springframework.stereotype.Component;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

@ExtendWith(OutputCaptureExtension.class)
class HandlerScannerTests {

	private static final JobDefaults DEFAULTS = new JobDefaults("by-default", null);

	/** What was called, with what. */
	private static final List<Object> CALLS = new ArrayList<>();

	private static int created;

	private final JobAttempt attempt = new AttemptContext(new AttemptContext.Facts(new JobId(1), "greet", "default", 1,
			Instant.EPOCH, Instant.EPOCH, Map.of(), List.of(), "key"));

	private final AnnotationConfigApplicationContext context = new AnnotationConfigApplicationContext();

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
	void findsAHandlerClassWithAllItsSettings() throws Exception {
		JobDefinition definition = onlyOne(scan(FullHandler.class));
		assertThat(definition.name()).isEqualTo("full-name");
		assertThat(definition.aliases()).containsExactlyInAnyOrder("old-name", "older-name");
		assertThat(definition.source()).isEqualTo(FullHandler.class.getName());
		assertThat(definition.payloadType()).isEqualTo(SendMail.class);
		assertThat(definition.queue()).hasToString("mailers");
		assertThat(definition.priority()).isEqualTo(-7);
		assertThat(definition.timeout()).isEqualTo(Duration.ofSeconds(30));
		assertThat(definition.transactional()).isTrue();
		assertThat(definition.deadLetter()).isFalse();
		call(definition, new SendMail("Ada"));
		assertThat(CALLS).containsExactly(new SendMail("Ada"), this.attempt);
	}

	@Test
	void takesTheDefaultsWhereNothingIsSaid() {
		JobDefinition definition = onlyOne(scan(PlainHandler.class));
		assertThat(definition.name()).isEqualTo("send-mail");
		assertThat(definition.aliases()).isEmpty();
		assertThat(definition.queue()).hasToString("by-default");
		assertThat(definition.priority()).isZero();
		assertThat(definition.timeout()).isNull();
		assertThat(definition.transactional()).isFalse();
		assertThat(definition.deadLetter()).isTrue();
		assertThat(definition.retryOn()).isEmpty();
		assertThat(definition.discardOn()).isEmpty();
	}

	@Test
	void findsALambdaThatABeanMethodReturns() throws Exception {
		JobDefinition definition = onlyOne(scan(LambdaConfiguration.class));
		assertThat(definition.name()).isEqualTo("send-mail");
		assertThat(definition.queue()).hasToString("lambdas");
		assertThat(definition.payloadType()).isEqualTo(SendMail.class);
		call(definition, new SendMail("Ada"));
		assertThat(CALLS).containsExactly("lambda", new SendMail("Ada"));
	}

	@Test
	void takesTheFailureRulesOfABeanMethodToo() {
		JobDefinition definition = onlyOne(scan(LambdaConfiguration.class));
		assertThat(definition.retryOn()).extracting((rule) -> rule.value()[0])
			.containsExactly(IOException.class, SocketException.class);
		assertThat(definition.discardOn()).extracting((rule) -> rule.value()[0])
			.containsExactly(FileNotFoundException.class);
	}

	@Test
	void findsAHandlerWhoseTypeOnlyTheBeanMethodTells() throws Exception {
		JobDefinition definition = onlyOne(scan(GenericBeanConfiguration.class));
		assertThat(definition.payloadType()).isEqualTo(SendMail.class);
		call(definition, new SendMail("Ada"));
		assertThat(CALLS).containsExactly(new SendMail("Ada"));
	}

	@Test
	void findsMethodsOfAnyBean() throws Exception {
		HandlerRegistry registry = scan(Methods.class);
		assertThat(registry.names()).containsExactlyInAnyOrder("send-mail", "build-report", "clean-up", "with-attempt");
		call(byName(registry, "send-mail"), new SendMail("Ada"));
		call(byName(registry, "build-report"), new BuildReport(1));
		call(byName(registry, "clean-up"), null);
		call(byName(registry, "with-attempt"), null);
		assertThat(CALLS).containsExactly("send", new SendMail("Ada"), this.attempt, "build", this.attempt,
				new BuildReport(1), "clean up", "with attempt", this.attempt);
		assertThat(byName(registry, "clean-up").payloadType()).isNull();
		assertThat(byName(registry, "clean-up").source()).isEqualTo(Methods.class.getName() + ".cleanUp()");
	}

	@Test
	void takesTheFailureRulesOfAMethod() {
		JobDefinition definition = byName(scan(Methods.class), "send-mail");
		assertThat(definition.retryOn()).singleElement()
			.satisfies((rule) -> assertThat(rule.value()).containsExactly(IOException.class));
		assertThat(definition.discardOn()).hasSize(1);
	}

	@Test
	void takesTheFailureRulesOfASuperclass() {
		assertThat(onlyOne(scan(InheritingHandler.class)).retryOn()).hasSize(2);
	}

	@Test
	void aRuleThatIsInheritedMayBeSaidAgain() {
		assertThat(onlyOne(scan(RepeatingHandler.class)).retryOn()).extracting(RetryOn::maxAttempts)
			.containsExactlyInAnyOrder(2, 5, 5);
	}

	@Test
	void aMethodThrowsWhatItThrewNotWrapped() {
		JobDefinition definition = onlyOne(scan(FailingMethod.class));
		assertThatExceptionOfType(IOException.class).isThrownBy(() -> call(definition, new SendMail("Ada")))
			.withMessage("no route to Ada");
	}

	@Test
	void findsThePayloadTypeThroughGenericsAndInheritance() throws Exception {
		HandlerRegistry registry = scan(GenericHandler.class, ReportImporter.class);
		assertThat(byName(registry, "send-mail").source()).isEqualTo(GenericHandler.class.getName());
		JobDefinition inherited = byName(registry, "build-report");
		assertThat(inherited.payloadType()).isEqualTo(BuildReport.class);
		assertThat(inherited.queue()).hasToString("imports");
		call(inherited, new BuildReport(2));
		assertThat(CALLS).containsExactly("import", new BuildReport(2), this.attempt);
	}

	@Test
	void findsAMethodThatAnInterfaceAnnotates() throws Exception {
		JobDefinition definition = onlyOne(scan(ImplementingMethods.class));
		call(definition, new BuildReport(3));
		assertThat(CALLS).containsExactly("implemented", new BuildReport(3));
	}

	@ParameterizedTest
	@ValueSource(booleans = { true, false })
	void callsProxiedBeansThroughTheirProxy(boolean proxyTargetClass) throws Exception {
		proxyAllBeans(proxyTargetClass);
		HandlerRegistry registry = scan(ProxiedHandler.class, ImplementingMethods.class);
		assertThat(byName(registry, "send-mail").source()).isEqualTo(ProxiedHandler.class.getName());
		call(byName(registry, "send-mail"), new SendMail("Ada"));
		call(byName(registry, "build-report"), new BuildReport(3));
		assertThat(CALLS).containsExactly("proxy", new SendMail("Ada"), "proxy", "implemented", new BuildReport(3));
		Object bean = this.context.getBean("handlerScannerTests.ProxiedHandler");
		assertThat(AopUtils.isCglibProxy(bean)).isEqualTo(proxyTargetClass);
	}

	@Test
	void callsAPackagePrivateMethodThroughACglibProxy() throws Exception {
		proxyAllBeans(true);
		call(onlyOne(scan(PackagePrivateMethod.class)), new BuildReport(4));
		assertThat(CALLS).containsExactly("proxy", "package-private", new BuildReport(4));
	}

	@Test
	void findsAHandlerBehindAScopedProxyOnce() throws Exception {
		JobDefinition definition = onlyOne(scan(ScopedHandler.class));
		call(definition, new SendMail("Ada"));
		call(definition, new SendMail("Bob"));
		assertThat(created).isEqualTo(2);
	}

	@Test
	void obeysAnAnnotationOfTheTeamsOwn() {
		JobDefinition definition = onlyOne(scan(TeamHandler.class));
		assertThat(definition.queue()).hasToString("vip");
		assertThat(definition.timeout()).isEqualTo(Duration.ofMinutes(5));
		assertThat(definition.retryOn()).hasSize(1);
	}

	@Test
	void resolvesPlaceholdersInEveryString() {
		this.context.getEnvironment()
			.getSystemProperties()
			.putAll(Map.of("test.name", "resolved", "test.alias", "former", "test.queue", "q1", "test.wait", "9s"));
		try {
			JobDefinition definition = onlyOne(scan(PlaceholderHandler.class));
			assertThat(definition.name()).isEqualTo("resolved");
			assertThat(definition.aliases()).containsExactly("former");
			assertThat(definition.queue()).hasToString("q1");
			assertThat(definition.timeout()).isEqualTo(Duration.ofSeconds(9));
		}
		finally {
			List.of("test.name", "test.alias", "test.queue", "test.wait")
				.forEach((key) -> System.getProperties().remove(key));
		}
	}

	@Test
	void resolvesPlaceholdersInExpressionsFirst() {
		JobDefinition definition = onlyOne(scan(ChoosesItsQueue.class));
		assertThat(definition.queue().isFixed()).isFalse();
		assertThat(definition.queue()).hasToString("#{payload != null ? 'vip' : 'default'}");
		assertThat(definition.queueFor(new SendMail("Ada"))).isEqualTo("vip");
	}

	@Test
	void namesTheExpressionThatCannotBeAndTheRemedy() {
		refused(BadExpression.class).withMessageContaining(BadExpression.class.getName() + ".run()")
			.withMessageContaining("The expression '#{payload.}' cannot be parsed")
			.withMessageContaining("such as #{payload.premium() ? 'vip' : 'default'}");
		refused(ExpressionWithoutPayload.class).withMessageContaining("depends on a payload, but there is none");
	}

	@Test
	void theConfigurationGoesBeforeTheAnnotation() {
		JobDefinition definition = onlyOne(
				scan(Map.of("full-name", new JobOverrides("urgent", 9, Duration.ofSeconds(1), true)), DEFAULTS,
						FullHandler.class));
		assertThat(definition.queue()).hasToString("urgent");
		assertThat(definition.priority()).isEqualTo(9);
		assertThat(definition.timeout()).isEqualTo(Duration.ofSeconds(1));
		assertThat(definition.deadLetter()).isTrue();
	}

	@Test
	void whatTheConfigurationLeavesOutIsTheAnnotations() {
		JobDefinition definition = onlyOne(scan(Map.of("full-name", JobOverrides.NONE),
				new JobDefaults("x", Duration.ofHours(1)), FullHandler.class));
		assertThat(definition.queue()).hasToString("mailers");
		assertThat(definition.priority()).isEqualTo(-7);
		assertThat(definition.timeout()).isEqualTo(Duration.ofSeconds(30));
		assertThat(definition.deadLetter()).isFalse();
	}

	@Test
	void aTransactionHasATimeoutThoughNobodySaysSo() {
		assertThat(onlyOne(scan(TransactionalHandler.class)).timeout()).isEqualTo(Duration.ofSeconds(60));
	}

	@Test
	void theDefaultTimeoutHoldsForATransactionToo() {
		assertThat(onlyOne(scan(Map.of(), new JobDefaults("x", Duration.ofHours(1)), TransactionalHandler.class))
			.timeout()).isEqualTo(Duration.ofHours(1));
	}

	@Test
	void findsAHandlerByItsFormerNames() {
		HandlerRegistry registry = scan(FullHandler.class);
		assertThat(byName(registry, "older-name")).isSameAs(byName(registry, "full-name"));
		assertThat(registry.names()).containsExactlyInAnyOrder("full-name", "old-name", "older-name");
		assertThat(registry.byName("unknown")).isEmpty();
		assertThat(registry.byPayloadType(SendMail.class)).isSameAs(byName(registry, "full-name"));
		assertThat(registry.byPayloadType(String.class)).isNull();
	}

	@Test
	void createsNoBeanByLooking() {
		HandlerRegistry registry = scan(LazyHandler.class, PrototypeMethods.class, CountingFactory.class,
				UntouchableConfiguration.class);
		assertThat(created).isZero();
		assertThat(registry.names()).contains("send-mail", "build-report");
	}

	@Test
	void createsNoFactoryThoughItsTypeSaysNothing() {
		DefaultListableBeanFactory beans = new DefaultListableBeanFactory();
		beans.registerBeanDefinition("factory", new RootBeanDefinition(SilentFactory.class));
		assertThat(new HandlerScanner(beans, DEFAULTS, Map.of()).scan().definitions()).isEmpty();
		assertThat(created).isZero();
	}

	@Test
	void getsAPrototypeAnewForEachJob() throws Exception {
		JobDefinition definition = onlyOne(scan(PrototypeMethods.class));
		call(definition, new BuildReport(1));
		call(definition, new BuildReport(2));
		assertThat(created).isEqualTo(2);
	}

	@Test
	void passesAbstractDefinitionsBy() {
		RootBeanDefinition template = new RootBeanDefinition(PlainHandler.class);
		template.setAbstract(true);
		this.context.registerBeanDefinition("template", template);
		assertThat(scan(Methods.class).names()).doesNotContain("plain");
	}

	@Test
	void passesBeansWithoutAnAnnotationBy() {
		assertThat(scan(NotAnnotated.class).definitions()).isEmpty();
	}

	@Test
	void refusesTwoHandlersOfAPayloadAndNamesBoth() {
		refused(SecondHandler.class, PlainHandler.class).withMessageContaining(SendMail.class.getName())
			.withMessageContaining(SecondHandler.class.getName())
			.withMessageContaining(PlainHandler.class.getName());
	}

	@Test
	void refusesTwoHandlersOfANameAndNamesBoth() {
		refused(PlainHandler.class, SameName.class).withMessageContaining("'send-mail'")
			.withMessageContaining(SameName.class.getName() + ".run()")
			.withMessageContaining(PlainHandler.class.getName());
	}

	@Test
	void refusesAnAliasThatIsAnothersName() {
		refused(PlainHandler.class, SameAlias.class).withMessageContaining("'send-mail'")
			.withMessageContaining(SameAlias.class.getName() + ".run()")
			.withMessageContaining(PlainHandler.class.getName());
	}

	@Test
	void refusesAPrivateMethod() {
		refused(PrivateMethod.class).withMessageContaining(PrivateMethod.class.getName() + ".run()")
			.withMessageContaining("private or static");
	}

	@Test
	void refusesAStaticMethod() {
		refused(StaticMethod.class).withMessageContaining("private or static");
	}

	@Test
	void refusesTwoPayloads() {
		refused(TwoPayloads.class).withMessageContaining(TwoPayloads.class.getName() + ".run()")
			.withMessageContaining("too many parameters");
	}

	@Test
	void refusesTwoAttempts() {
		refused(TwoAttempts.class).withMessageContaining("too many parameters");
	}

	@ParameterizedTest
	@ValueSource(classes = { ReturnsFuture.class, ReturnsStage.class })
	void refusesWhatReturnsBeforeItsEnd(Class<?> type) {
		refused(type).withMessageContaining(type.getName() + ".run()")
			.withMessageContaining("returns a java.util.concurrent.Complet")
			.withMessageContaining("A job is over when its method returns");
	}

	@ParameterizedTest
	@ValueSource(classes = { InterfacePayload.class, AbstractPayload.class, StringPayload.class, LongPayload.class,
			ArrayPayload.class, EnumlessObject.class, RawHandler.class, UnboundHandler.class, JdkHandler.class })
	void refusesAPayloadThatIsNoClassOfTheApplications(Class<?> type) {
		refused(type).withMessageContaining("The payload type of " + type.getName())
			.withMessageContaining("Declare a record");
	}

	@ParameterizedTest
	@ValueSource(classes = { BadName.class, BadAlias.class, BadQueue.class, BadTimeout.class, ZeroTimeout.class,
			NegativeTimeout.class, BadPriority.class, BadExpression.class, ExpressionWithoutPayload.class,
			UnknownPlaceholder.class, BadMethodName.class })
	void refusesSettingsThatCannotBeAndNamesTheHandler(Class<?> type) {
		refused(type).withMessageContaining("The @BackgroundJob of " + type.getName());
	}

	@Test
	void saysWhatASettingMayBe() {
		refused(BadName.class).withMessageContaining("'No Name' does not match [a-z0-9][a-z0-9-]{0,99}");
		refused(BadTimeout.class).withMessageContaining("'soon' is not a duration");
		refused(BadPriority.class).withMessageContaining("between -32768 and 32767, not 32768");
		refused(ZeroTimeout.class).withMessageContaining("longer than 0");
	}

	@Test
	void refusesAnAnnotatedClassThatHandlesNothing() {
		refused(HandlesNothing.class).withMessageContaining("'handlerScannerTests.HandlesNothing'")
			.withMessageContaining(HandlesNothing.class.getName())
			.withMessageContaining("Implement JobHandler<P>");
	}

	@Test
	void refusesSettingsOfAJobThatIsMisspelled() {
		refused(Map.of("send-mial", JobOverrides.NONE), PlainHandler.class)
			.withMessageContaining("background-jobs.jobs.send-mial")
			.withMessageContaining("Did you mean background-jobs.jobs.send-mail? Known jobs are [send-mail]");
	}

	@Test
	void warnsOfSettingsOfAJobThatAnotherNodeMayHandle(CapturedOutput output) {
		HandlerRegistry registry = scan(Map.of("unlike-any-other", JobOverrides.NONE), DEFAULTS, PlainHandler.class);
		assertThat(registry.names()).containsExactly("send-mail");
		assertThat(output).contains("background-jobs.jobs.unlike-any-other configures a job that nothing handles on "
				+ "this node. Known jobs are [send-mail]");
	}

	@Test
	void refusesSettingsUnderAFormerNameWhichWouldNotBeObeyed() {
		refused(Map.of("old-name", JobOverrides.NONE), FullHandler.class)
			.withMessageContaining("background-jobs.jobs.old-name")
			.withMessageContaining("full-name");
	}

	@Test
	void refusesSettingsThatCannotBeInTheConfiguration() {
		refused(Map.of("send-mail", new JobOverrides(null, 40_000, null, null)), PlainHandler.class)
			.withMessageContaining(PlainHandler.class.getName())
			.withMessageContaining("not 40000");
	}

	private ThrowableAssertAlternative<InvalidHandlerException> refused(Class<?>... beans) {
		return refused(Map.of(), beans);
	}

	private static ThrowableAssertAlternative<InvalidHandlerException> refused(Map<String, JobOverrides> overrides,
			Class<?>... beans) {
		try (AnnotationConfigApplicationContext refusing = new AnnotationConfigApplicationContext(beans)) {
			return assertThatExceptionOfType(InvalidHandlerException.class)
				.isThrownBy(() -> new HandlerScanner(refusing.getBeanFactory(), DEFAULTS, overrides).scan())
				.satisfies((ex) -> assertThat(ex).hasMessage(ex.problem() + ". " + ex.remedy()));
		}
	}

	private HandlerRegistry scan(Class<?>... beans) {
		return scan(Map.of(), DEFAULTS, beans);
	}

	private HandlerRegistry scan(Map<String, JobOverrides> overrides, JobDefaults defaults, Class<?>... beans) {
		this.context.register(beans);
		this.context.refresh();
		created = 0;
		return new HandlerScanner(this.context.getBeanFactory(), defaults, overrides).scan();
	}

	private void proxyAllBeans(boolean proxyTargetClass) {
		this.context.registerBean("advice", MethodInterceptor.class, () -> (invocation) -> {
			CALLS.add("proxy");
			return invocation.proceed();
		});
		this.context.registerBean(BeanNameAutoProxyCreator.class, () -> {
			BeanNameAutoProxyCreator creator = new BeanNameAutoProxyCreator();
			creator.setBeanNames("handlerScannerTests*");
			creator.setInterceptorNames("advice");
			creator.setProxyTargetClass(proxyTargetClass);
			return creator;
		});
	}

	private void call(JobDefinition definition, @Nullable Object payload) throws Exception {
		definition.invoker().invoke(payload, this.attempt);
	}

	private static JobDefinition onlyOne(HandlerRegistry registry) {
		assertThat(registry.definitions()).hasSize(1);
		return registry.definitions().get(0);
	}

	private static JobDefinition byName(HandlerRegistry registry, String name) {
		return registry.byName(name).orElseThrow();
	}

	record SendMail(String to) {
	}

	record BuildReport(int number) {
	}

	@BackgroundJob(name = "full-name", aliases = { "old-name", "older-name" }, queue = "mailers", priority = -7,
			timeout = "30s", transactional = true, deadLetter = false)
	static class FullHandler implements JobHandler<SendMail> {

		@Override
		public void handle(SendMail job, JobAttempt attempt) {
			CALLS.addAll(List.of(job, attempt));
		}

	}

	@BackgroundJob
	static class PlainHandler implements JobHandler<SendMail> {

		@Override
		public void handle(SendMail job, JobAttempt attempt) {
		}

	}

	@BackgroundJob(name = "second")
	static class SecondHandler implements JobHandler<SendMail> {

		@Override
		public void handle(SendMail job, JobAttempt attempt) {
		}

	}

	@BackgroundJob(transactional = true)
	static class TransactionalHandler implements JobHandler<SendMail> {

		@Override
		public void handle(SendMail job, JobAttempt attempt) {
		}

	}

	@Configuration
	static class LambdaConfiguration {

		@Bean
		@BackgroundJob(queue = "lambdas")
		@RetryOn(IOException.class)
		@RetryOn(SocketException.class)
		@DiscardOn(FileNotFoundException.class)
		JobHandler<SendMail> handler() {
			return (job, attempt) -> CALLS.addAll(List.of("lambda", job));
		}

	}

	interface Mail {

	}

	@Configuration
	static class GenericBeanConfiguration {

		@Bean
		@BackgroundJob
		RecordingHandler<SendMail> handler() {
			return new RecordingHandler<>();
		}

	}

	static class RecordingHandler<P extends Record> implements JobHandler<P> {

		@Override
		public void handle(P job, JobAttempt attempt) {
			CALLS.add(job);
		}

	}

	@Component
	static class Methods {

		@BackgroundJob
		@RetryOn(IOException.class)
		@DiscardOn(FileNotFoundException.class)
		void send(SendMail mail, JobAttempt attempt) {
			CALLS.addAll(List.of("send", mail, attempt));
		}

		@BackgroundJob
		public void build(JobAttempt attempt, BuildReport report) {
			CALLS.addAll(List.of("build", attempt, report));
		}

		@BackgroundJob
		protected void cleanUp() {
			CALLS.add("clean up");
		}

		@BackgroundJob
		String withAttempt(JobAttempt attempt) {
			CALLS.addAll(List.of("with attempt", attempt));
			return "ignored";
		}

		void notAnnotated(BuildReport report) {
		}

	}

	@Component
	static class FailingMethod {

		@BackgroundJob
		void send(SendMail mail) throws IOException {
			throw new IOException("no route to " + mail.to());
		}

	}

	@RetryOn(IOException.class)
	@RetryOn(SocketException.class)
	abstract static class HandlerBase<P> implements JobHandler<P> {

	}

	@BackgroundJob
	@RetryOn(value = IOException.class, maxAttempts = 2)
	static class RepeatingHandler extends HandlerBase<SendMail> {

		@Override
		public void handle(SendMail job, JobAttempt attempt) {
		}

	}

	@BackgroundJob
	static class InheritingHandler extends HandlerBase<SendMail> {

		@Override
		public void handle(SendMail job, JobAttempt attempt) {
		}

	}

	abstract static class Step<A, P> implements JobHandler<P> {

	}

	abstract static class OtherStep<X> extends Step<String, X> {

		@Override
		public void handle(X job, JobAttempt attempt) {
		}

	}

	@BackgroundJob
	static class GenericHandler extends OtherStep<SendMail> {

	}

	abstract static class Importer<P> {

		@BackgroundJob(queue = "imports")
		public void run(P payload, JobAttempt attempt) {
			CALLS.addAll(List.of("import", payload, attempt));
		}

	}

	@Component
	static class ReportImporter extends Importer<BuildReport> {

	}

	interface AnnotatedMethods {

		@BackgroundJob
		void build(BuildReport report);

	}

	@Component
	static class ImplementingMethods implements AnnotatedMethods {

		@Override
		public void build(BuildReport report) {
			CALLS.addAll(List.of("implemented", report));
		}

	}

	@BackgroundJob
	static class ProxiedHandler implements JobHandler<SendMail> {

		@Override
		public void handle(SendMail job, JobAttempt attempt) {
			CALLS.add(job);
		}

	}

	@Component
	static class PackagePrivateMethod {

		@BackgroundJob
		void build(BuildReport report) {
			CALLS.addAll(List.of("package-private", report));
		}

	}

	@BackgroundJob
	@Scope(scopeName = BeanDefinition.SCOPE_PROTOTYPE, proxyMode = ScopedProxyMode.TARGET_CLASS)
	static class ScopedHandler implements JobHandler<SendMail> {

		ScopedHandler() {
		}

		@Override
		public void handle(SendMail job, JobAttempt attempt) {
			created++;
		}

	}

	@Target(ElementType.TYPE)
	@Retention(RetentionPolicy.RUNTIME)
	@BackgroundJob(timeout = "5m")
	@RetryOn(IOException.class)
	@interface TeamJob {

		@AliasFor(annotation = BackgroundJob.class)
		String queue();

	}

	@TeamJob(queue = "vip")
	static class TeamHandler implements JobHandler<SendMail> {

		@Override
		public void handle(SendMail job, JobAttempt attempt) {
		}

	}

	@BackgroundJob(name = "${test.name}", aliases = "${test.alias}", queue = "${test.queue}", timeout = "${test.wait}")
	static class PlaceholderHandler implements JobHandler<SendMail> {

		@Override
		public void handle(SendMail job, JobAttempt attempt) {
		}

	}

	@Lazy
	@BackgroundJob
	static class LazyHandler implements JobHandler<SendMail> {

		LazyHandler() {
			created++;
		}

		@Override
		public void handle(SendMail job, JobAttempt attempt) {
		}

	}

	@Component
	@Scope(BeanDefinition.SCOPE_PROTOTYPE)
	static class PrototypeMethods {

		PrototypeMethods() {
			created++;
		}

		@BackgroundJob
		void build(BuildReport report) {
		}

	}

	@Lazy
	@Component
	static class CountingFactory implements FactoryBean<NotAnnotated> {

		CountingFactory() {
			created++;
		}

		@Override
		public NotAnnotated getObject() {
			created++;
			return new NotAnnotated();
		}

		@Override
		public Class<?> getObjectType() {
			return NotAnnotated.class;
		}

	}

	static class SilentFactory implements FactoryBean<Object> {

		SilentFactory() {
			created++;
		}

		@Override
		public Object getObject() {
			return new NotAnnotated();
		}

		@Override
		public Class<?> getObjectType() {
			return NotAnnotated.class;
		}

	}

	@Configuration
	static class UntouchableConfiguration {

		@Bean
		@Lazy
		static Supplier<String> lazy() {
			created++;
			return () -> "lazy";
		}

	}

	@Component
	static class NotAnnotated implements JobHandler<SendMail> {

		@Override
		public void handle(SendMail job, JobAttempt attempt) {
		}

	}

	@Component
	static class SameName {

		@BackgroundJob(name = "send-mail")
		void run() {
		}

	}

	@Component
	static class SameAlias {

		@BackgroundJob(name = "other", aliases = "send-mail")
		void run() {
		}

	}

	@Component
	static class PrivateMethod {

		@BackgroundJob
		private void run(SendMail mail) {
		}

	}

	@Component
	static class StaticMethod {

		@BackgroundJob
		static void run(SendMail mail) {
		}

	}

	@Component
	static class TwoPayloads {

		@BackgroundJob
		void run(SendMail mail, BuildReport report) {
		}

	}

	@Component
	static class TwoAttempts {

		@BackgroundJob
		void run(JobAttempt one, JobAttempt other) {
		}

	}

	@Component
	static class ReturnsFuture {

		@BackgroundJob
		CompletableFuture<Void> run(SendMail mail) {
			return new CompletableFuture<>();
		}

	}

	@Component
	static class ReturnsStage {

		@BackgroundJob
		CompletionStage<Void> run(SendMail mail) {
			return new CompletableFuture<>();
		}

	}

	@Component
	static class InterfacePayload {

		@BackgroundJob
		void run(Mail mail) {
		}

	}

	@Component
	static class AbstractPayload {

		@BackgroundJob
		void run(Template template) {
		}

	}

	abstract static class Template {

	}

	@Component
	static class StringPayload {

		@BackgroundJob
		void run(String text) {
		}

	}

	@Component
	static class LongPayload {

		@BackgroundJob
		void run(long id) {
		}

	}

	@Component
	static class ArrayPayload {

		@BackgroundJob
		void run(SendMail[] mails) {
		}

	}

	@Component
	static class EnumlessObject {

		@BackgroundJob
		void run(Object anything) {
		}

	}

	@BackgroundJob
	@SuppressWarnings("rawtypes")
	static class RawHandler implements JobHandler {

		@Override
		public void handle(Object job, JobAttempt attempt) {
		}

	}

	@BackgroundJob
	static class UnboundHandler<P> implements JobHandler<P> {

		@Override
		public void handle(P job, JobAttempt attempt) {
		}

	}

	@BackgroundJob
	static class JdkHandler implements JobHandler<Map<String, String>> {

		@Override
		public void handle(Map<String, String> job, JobAttempt attempt) {
		}

	}

	@Component
	static class BadName {

		@BackgroundJob(name = "No Name")
		void run() {
		}

	}

	@Component
	static class BadAlias {

		@BackgroundJob(aliases = "No Name")
		void run() {
		}

	}

	@Component
	static class BadQueue {

		@BackgroundJob(queue = "a queue")
		void run() {
		}

	}

	@Component
	static class BadExpression {

		@BackgroundJob(queue = "#{payload.}")
		void run(SendMail mail) {
		}

	}

	@Component
	static class ExpressionWithoutPayload {

		@BackgroundJob(queue = "#{payload.premium() ? 'vip' : 'default'}")
		void run() {
		}

	}

	@Component
	static class ChoosesItsQueue {

		@BackgroundJob(queue = "#{payload != null ? '${test.vip:vip}' : 'default'}")
		void run(SendMail mail) {
		}

	}

	@Component
	static class BadTimeout {

		@BackgroundJob(timeout = "soon")
		void run() {
		}

	}

	@Component
	static class ZeroTimeout {

		@BackgroundJob(timeout = "0s")
		void run() {
		}

	}

	@Component
	static class NegativeTimeout {

		@BackgroundJob(timeout = "PT-1S")
		void run() {
		}

	}

	@Component
	static class BadPriority {

		@BackgroundJob(priority = 32_768)
		void run() {
		}

	}

	@Component
	static class UnknownPlaceholder {

		@BackgroundJob(queue = "${nobody.knows}")
		void run() {
		}

	}

	@Component
	static class BadMethodName {

		@BackgroundJob
		void build_report() {
		}

	}

	@BackgroundJob
	static class HandlesNothing {

	}

}
