package io.jobstarter.autoconfigure.actuate;

import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.stream.Stream;

import io.jobstarter.CurrentOperator;
import io.jobstarter.JobClient;
import io.jobstarter.JobId;
import io.jobstarter.JobOperations;
import io.jobstarter.JobState;
import io.jobstarter.autoconfigure.Greetings;
import io.jobstarter.autoconfigure.Greetings.Greet;
import io.jobstarter.autoconfigure.Greetings.Refuse;
import io.jobstarter.autoconfigure.actuate.HttpApplication.Answer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import org.springframework.boot.actuate.audit.AuditEvent;
import org.springframework.boot.actuate.audit.AuditEventRepository;
import org.springframework.boot.actuate.audit.InMemoryAuditEventRepository;
import org.springframework.boot.actuate.autoconfigure.security.servlet.EndpointRequest;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.http.HttpMethod;
import org.springframework.security.authentication.AnonymousAuthenticationToken;
import org.springframework.security.authentication.TestingAuthenticationToken;
import org.springframework.security.config.Customizer;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.authority.AuthorityUtils;
import org.springframework.security.core.context.SecurityContextHolder;
import org.springframework.security.core.userdetails.User;
import org.springframework.security.core.userdetails.UserDetailsService;
import org.springframework.security.provisioning.InMemoryUserDetailsManager;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.security.web.util.matcher.RequestMatcher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Tests of who may do what where Spring Security decides, of what each sees, and of who
 * is said to have done it.
 */
class RolesTests {

	private static final String NOBODY = "";

	private static final String VIEWER = "viewer";

	private static final String OPERATOR = "operator";

	private static HttpApplication application;

	private static JobOperations operations;

	private static JobId waiting;

	private static JobId dead;

	@BeforeAll
	static void start() {
		application = HttpApplication.start(Secured.class, "spring.datasource.generate-unique-name=true",
				"management.endpoints.access.default=unrestricted", "management.endpoint.jobs.access=unrestricted",
				"background-jobs.actuator.show-payloads=when-authorized",
				"background-jobs.actuator.roles=ROLE_OPERATOR");
		operations = application.bean(JobOperations.class);
		JobClient jobs = application.bean(JobClient.class);
		waiting = jobs.job(new Greet("Ada")).in(Duration.ofDays(1)).header("tenant", "acme").enqueue().id();
		dead = jobs.enqueue(new Refuse("customer Ada is unknown")).id();
		await().until(() -> operations.find(dead).orElseThrow().state() == JobState.DEAD);
	}

	@AfterAll
	static void stop() {
		application.close();
	}

	@AfterEach
	void forgetTheUser() {
		SecurityContextHolder.clearContext();
	}

	static Stream<String> reads() {
		return Stream.of("jobs", "jobs/" + waiting, "deadletters", "deadletters/groups", "deadletters/" + dead,
				"deadletters/redrives", "deadletters/redrives/1", "jobqueues", "jobqueues/default", "jobworkers",
				"jobworkers/1", "jobbreakers", "jobbreakers/smtp", "joblimits", "joblimits/account");
	}

	// None changes anything: they ask for what is not there, or is so already.
	static Stream<List<String>> writes() {
		return Stream.of(List.of("jobs/999999", "retry"), List.of("jobs/999999", "cancel"),
				List.of("jobs/999999", "discard"), List.of("jobs/999999", "reschedule\",\"at\":\"2999-01-01T00:00:00Z"),
				List.of("deadletters/999999", "retry"), List.of("deadletters/999999", "discard"),
				List.of("deadletters/999999", "note\",\"text\":\"x"), List.of("deadletters/redrives", ""),
				List.of("deadletters/redrives/999", "cancel"), List.of("deadletters/redrives/999", "resume"),
				List.of("jobqueues/default", "pause"), List.of("jobqueues/default", "resume"),
				List.of("jobqueues/default", "set-concurrency\",\"perNode\":\"3"),
				List.of("jobqueues/default", "reset-concurrency"), List.of("jobbreakers/smtp", "force-open"),
				List.of("jobbreakers/smtp", "force-closed"), List.of("jobbreakers/smtp", "reset"),
				List.of("jobbreakers", "reset\",\"name\":\"smtp"), List.of("joblimits/account", "reset"));
	}

	@ParameterizedTest
	@MethodSource("reads")
	void letsOnlyKnownUsersRead(String path) {
		assertThat(get(NOBODY, path).status()).isEqualTo(401);
		assertThat(get(VIEWER, path).status()).isIn(200, 404);
		assertThat(get(OPERATOR, path).status()).isIn(200, 404);
	}

	@ParameterizedTest
	@MethodSource("writes")
	void letsOnlyOperatorsWrite(List<String> write) {
		String body = write.get(1).isEmpty() ? "{\"dryRun\":true}" : "{\"action\":\"" + write.get(1) + "\"}";
		int audited = events().size();
		assertThat(post(NOBODY, write.get(0), body).status()).isEqualTo(401);
		assertThat(post(VIEWER, write.get(0), body).status()).isEqualTo(403);
		assertThat(events()).hasSize(audited);
		assertThat(post(OPERATOR, write.get(0), body).status()).isIn(200, 404);
	}

	@Test
	void showsPayloadsHeadersAndErrorsToThoseWhoHaveTheRole() {
		assertThat(get(VIEWER, "jobs/" + waiting).body()).doesNotContain("Ada", "acme");
		assertThat(get(OPERATOR, "jobs/" + waiting).body()).contains("Ada", "acme");
		for (String path : List.of("jobs/" + dead, "deadletters", "deadletters/groups", "deadletters/" + dead)) {
			assertThat(get(VIEWER, path).body()).doesNotContain("Ada").contains("IllegalStateException");
			assertThat(get(OPERATOR, path).body()).contains("Ada");
		}
		assertThat(get(VIEWER, "jobs/" + dead).<String>json("$.failures[0].stackTrace"))
			.startsWith("java.lang.IllegalStateException\n")
			.contains("Greetings.refuse(Greetings.java:");
	}

	@Test
	void saysWhoDidIt() {
		post(OPERATOR, "jobqueues/audited", "{\"action\":\"pause\",\"why\":\"x\"}");
		assertThat(events()).anySatisfy((event) -> {
			assertThat(event.getPrincipal()).isEqualTo(OPERATOR);
			assertThat(event.getType()).isEqualTo("BACKGROUND_JOBS_PAUSE");
			assertThat(event.getData()).containsEntry("target", "queue audited").containsEntry("why", "x");
		});
	}

	@Test
	void knowsTheUserOfTheThread() {
		CurrentOperator operator = application.bean(CurrentOperator.class);
		assertThat(operator.name()).isNull();
		logIn(new TestingAuthenticationToken("carol", "", "ROLE_USER"));
		assertThat(operator.name()).isEqualTo("carol");
		logIn(new TestingAuthenticationToken("carol", ""));
		assertThat(operator.name()).isNull();
		logIn(new AnonymousAuthenticationToken("key", "anonymous", AuthorityUtils.createAuthorityList("ROLE_NONE")));
		assertThat(operator.name()).isNull();
	}

	private static void logIn(Authentication authentication) {
		SecurityContextHolder.getContext().setAuthentication(authentication);
	}

	private static List<AuditEvent> events() {
		return application.bean(AuditEventRepository.class)
			.find(null, null, null)
			.stream()
			.filter((event) -> event.getType().startsWith("BACKGROUND_JOBS"))
			.toList();
	}

	private static Answer get(String user, String path) {
		return send(user, "GET", path, "");
	}

	private static Answer post(String user, String path, String body) {
		return send(user, "POST", path, body);
	}

	private static Answer send(String user, String method, String path, String body) {
		if (user.isEmpty()) {
			return application.send(method, path, body);
		}
		String credentials = Base64.getEncoder().encodeToString((user + ":secret").getBytes());
		return application.send(method, path, body, "Authorization", "Basic " + credentials);
	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	@Import(Greetings.class)
	static class Secured {

		@Bean
		SecurityFilterChain actuator(HttpSecurity http) throws Exception {
			RequestMatcher reading = (request) -> HttpMethod.GET.matches(request.getMethod());
			return http.securityMatcher(EndpointRequest.toAnyEndpoint())
				.authorizeHttpRequests((
						requests) -> requests.requestMatchers(reading).authenticated().anyRequest().hasRole("OPERATOR"))
				.httpBasic(Customizer.withDefaults())
				.csrf((csrf) -> csrf.disable())
				.build();
		}

		@Bean
		UserDetailsService users() {
			InMemoryUserDetailsManager users = new InMemoryUserDetailsManager(
					User.withUsername(VIEWER).password("{noop}secret").roles("USER").build(),
					User.withUsername(OPERATOR).password("{noop}secret").roles("OPERATOR").build());
			// No manager that changes passwords: it would hash them anew, slowly.
			return users::loadUserByUsername;
		}

		@Bean
		InMemoryAuditEventRepository auditEvents() {
			return new InMemoryAuditEventRepository();
		}

	}

}
