package io.jobstarter.policy;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.net.SocketException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import io.github.resilience4j.ratelimiter.RateLimiter;
import io.github.resilience4j.ratelimiter.RequestNotPermitted;
import io.jobstarter.Backoff;
import io.jobstarter.DiscardOn;
import io.jobstarter.DueTime;
import io.jobstarter.InvalidJobException;
import io.jobstarter.JobDiscard;
import io.jobstarter.JobRetry;
import io.jobstarter.JobSnooze;
import io.jobstarter.JobTimeoutException;
import io.jobstarter.RetryOn;
import io.jobstarter.policy.FailureVerdict.Discard;
import io.jobstarter.policy.FailureVerdict.GiveUp;
import io.jobstarter.policy.FailureVerdict.Retry;
import io.jobstarter.policy.FailureVerdict.Snooze;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.core.annotation.AnnotatedElementUtils;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.junit.jupiter.params.provider.Arguments.arguments;

class FailureRulesTests {

	private static final Instant NOON = Instant.parse("2030-01-01T12:00:00Z");

	private static final Duration BY_POLICY = Duration.ofMinutes(1);

	private static final Duration BY_IO_RULE = Duration.ofSeconds(1);

	private static final Duration BY_SOCKET_RULE = Duration.ofSeconds(5);

	/** Four attempts, a minute apart for each failure that it has judged. */
	private static final RetryPolicy POLICY = (failures, error) -> (failures < 4)
			? Optional.of(BY_POLICY.multipliedBy(failures)) : Optional.empty();

	/** Somebody let the job wait for a second or two. */
	private static final FailureVerdict WAITS = new Snooze(new DueTime.In(Duration.ofSeconds(1)), "any");

	private final FailureRules rules = rulesOf(Handler.class);

	/**
	 * The order in which the rules decide, as a table: why, what is thrown, what becomes
	 * of the job.
	 */
	@ParameterizedTest(name = "{0}")
	@MethodSource("whatDecides")
	void judgesByPrecedence(String why, Throwable thrown, FailureVerdict verdict) {
		assertThat(withoutRule(this.rules.judge(thrown, 0, RuleCounts.NONE, NOON))).isEqualTo(verdict);
	}

	static Stream<Arguments> whatDecides() {
		return Stream.of(
				arguments("the policy, where no rule matches", new IllegalStateException(), new Retry(BY_POLICY, null)),
				arguments("the rule of the class", new IOException(), retry(BY_IO_RULE)),
				arguments("the rule of a superclass", new java.io.EOFException(), retry(BY_IO_RULE)),
				arguments("the most specific rule", new SocketException(), retry(BY_SOCKET_RULE)),
				arguments("a discard that is more specific than both retries", new ConnectException(),
						new Discard(ConnectException.class.getName(), true)),
				arguments("the rule of a cause", new RuntimeException(new IOException()), retry(BY_IO_RULE)),
				arguments("the most specific rule, though it matches the inner one only",
						new IOException(new SocketException()), retry(BY_SOCKET_RULE)),
				arguments("the most specific rule, though it matches the outer one only",
						causedBy(new SocketException(), new IOException()), retry(BY_SOCKET_RULE)),
				arguments("a discard of a cause, under the name of what was thrown",
						new UncheckedIOException(new FileNotFoundException()),
						new Discard(UncheckedIOException.class.getName(), true)),
				arguments("a signal to discard", JobDiscard.because("gone"), new Discard("gone", false)),
				arguments("a signal to snooze until", JobSnooze.until(NOON),
						new Snooze(new DueTime.At(NOON), "its handler put it off")),
				arguments("a signal to snooze by", JobSnooze.by(Duration.ofHours(2)),
						new Snooze(new DueTime.In(Duration.ofHours(2)), "its handler put it off")),
				arguments("a signal to retry", JobRetry.after(Duration.ofDays(1)), new Retry(Duration.ofDays(1), null)),
				arguments("a signal, before the rule of its cause",
						JobRetry.after(Duration.ofDays(1), new FileNotFoundException()),
						new Retry(Duration.ofDays(1), null)),
				arguments("a signal deep inside, before the rule of what wraps it",
						causedBy(new FileNotFoundException(), new RuntimeException(JobSnooze.until(NOON))),
						new Snooze(new DueTime.At(NOON), "its handler put it off")),
				arguments("a signal, before a refused permit",
						causedBy(new RuntimeException(), JobRetry.after(Duration.ofDays(1), noPermission())),
						new Retry(Duration.ofDays(1), null)),
				arguments("a refused permit, before the policy", noPermission(), WAITS),
				arguments("a refused permit of a cause, before the rule of what wraps it",
						causedBy(new SocketException(), noPermission()), WAITS),
				arguments("a refused permit of a cause, before a discard of what wraps it",
						causedBy(new FileNotFoundException(), noPermission()), WAITS),
				arguments("the outer one of two signals",
						JobRetry.after(Duration.ofDays(1), JobDiscard.because("gone")),
						new Retry(Duration.ofDays(1), null)));
	}

	@ParameterizedTest(name = "{0}")
	@MethodSource("whoIsMeantForRefusedPermits")
	void aRuleThatIsMeantForARefusedPermitDecidesAboutIt(String why, Class<?> handler, FailureVerdict verdict) {
		FailureVerdict judged = withoutRule(rulesOf(handler).judge(noPermission(), 0, RuleCounts.NONE, NOON));
		assertThat(judged).isEqualTo(verdict);
	}

	static Stream<Arguments> whoIsMeantForRefusedPermits() {
		return Stream.of(arguments("a rule that names it", RetriesRefusals.class, retry(Duration.ofMinutes(9))),
				arguments("a discard that names it", DiscardsRefusals.class,
						new Discard(RequestNotPermitted.class.getName(), true)),
				arguments("a rule for all exceptions is not meant", RetriesAll.class, WAITS),
				arguments("a discard of all exceptions is not meant", DiscardsAll.class, WAITS));
	}

	@Test
	void aRefusedPermitMeansAWaitOfSomeSecondsThatDiffers() {
		assertThat(IntStream.range(0, 100)
			.mapToObj((i) -> (Snooze) this.rules.judge(noPermission(), 0, RuleCounts.NONE, NOON))
			.map((snooze) -> ((DueTime.In) snooze.due()).delay())
			.distinct()).hasSizeGreaterThan(50)
			.allSatisfy((wait) -> assertThat(wait).isBetween(Duration.ofSeconds(1), Duration.ofSeconds(2)));
	}

	@Test
	void aTimeoutIsATimeoutWhateverTheInterruptedBodyThrew() {
		Throwable timeout = new JobTimeoutException(Duration.ofSeconds(1), noPermission());
		assertThat(this.rules.judge(timeout, 0, RuleCounts.NONE, NOON)).isEqualTo(new Retry(BY_POLICY, null));
	}

	@Test
	void asksThePolicyAboutTheSignalRatherThanWhatWrapsIt() {
		List<Throwable> asked = new ArrayList<>();
		FailureRules rules = FailureRules.of(List.of(), List.of(), UnaryOperator.identity(), (failures, error) -> {
			asked.add(error);
			return Optional.of(BY_POLICY);
		});
		JobRetry signal = JobRetry.after(Duration.ofDays(1));
		rules.judge(new RuntimeException(signal), 0, RuleCounts.NONE, NOON);
		assertThat(asked).containsExactly(signal);
	}

	@ParameterizedTest
	@ValueSource(strings = { "PT-1S", "P999999D" })
	void aPolicyThatGivesNoDelayThatCanBeStoredIsReplaced(Duration nonsense) {
		FailureRules rules = FailureRules.of(List.of(), List.of(), UnaryOperator.identity(),
				(failures, error) -> Optional.of(nonsense));
		assertThat(rules.judge(new Error(), 0, RuleCounts.NONE, NOON)).isInstanceOfSatisfying(Retry.class,
				(retry) -> assertThat(retry.delay()).isBetween(Duration.ofSeconds(3), Duration.ofSeconds(4)));
	}

	@Test
	void givesUpWhenTheTimeOfARuleIsOverAndMakesTheLastAttemptThen() {
		Life job = new Life(rulesOf(GoesOnForAMinute.class));
		assertThat(job.fail(new IOException())).isEqualTo(retry(Duration.ofSeconds(25)));
		assertThat(job.failAfter(Duration.ofSeconds(25), new IOException())).isEqualTo(retry(Duration.ofSeconds(25)));
		// Another rule's failures do not begin anew.
		assertThat(job.fail(new IllegalStateException())).isEqualTo(new Retry(BY_POLICY, null));
		assertThat(job.failAfter(Duration.ofSeconds(25), new IOException())).isEqualTo(retry(Duration.ofSeconds(10)));
		assertThat(job.failAfter(Duration.ofSeconds(10), new IOException())).isEqualTo(new GiveUp());
	}

	@Test
	void theTimeOfARuleBeginsWithItsOwnFirstFailure() {
		Life job = new Life(rulesOf(GoesOnForAMinute.class));
		job.fail(new IllegalStateException());
		assertThat(job.failAfter(Duration.ofHours(1), new IOException())).isEqualTo(retry(Duration.ofSeconds(25)));
	}

	@Test
	void aClockThatWentBackGivesNobodyUp() {
		Life job = new Life(rulesOf(GoesOnForAMinute.class));
		job.fail(new IOException());
		assertThat(job.failAfter(Duration.ofDays(-1), new IOException())).isEqualTo(retry(Duration.ofSeconds(25)));
	}

	@ParameterizedTest
	@ValueSource(classes = { GoesOnForNoTime.class, GoesOnForEver.class })
	void refusesATimeToGoOnThatIsNone(Class<?> handler) {
		assertThatExceptionOfType(InvalidJobException.class).isThrownBy(() -> rulesOf(handler))
			.withMessageStartingWith("giveUpAfter is longer than 0");
	}

	@Test
	void discardsWhereBothAnnotationsNameTheSameClass() {
		FailureVerdict verdict = rulesOf(Undecided.class).judge(new IOException(), 0, RuleCounts.NONE, NOON);
		assertThat(verdict).isEqualTo(new Discard(IOException.class.getName(), true));
	}

	@Test
	void aRuleOfSeveralClassesIsAsSpecificAsTheOneThatMatchesBest() {
		FailureRules several = rulesOf(Several.class);
		assertThat(several.judge(new SocketException(), 0, RuleCounts.NONE, NOON)).isInstanceOf(Retry.class);
		assertThat(several.judge(new IOException(), 0, RuleCounts.NONE, NOON)).isInstanceOf(Discard.class);
		assertThat(several.judge(new Exception(), 0, RuleCounts.NONE, NOON)).isInstanceOf(Retry.class);
	}

	@Test
	void countsEachRuleByItselfAndThePolicyWithoutThem() {
		Life job = new Life(this.rules);
		assertThat(job.fail(new IOException())).isEqualTo(retry(BY_IO_RULE));
		assertThat(job.fail(new SocketException())).isEqualTo(retry(BY_SOCKET_RULE));
		assertThat(job.fail(new IllegalStateException())).isEqualTo(new Retry(BY_POLICY, null));
		assertThat(job.fail(new IOException())).isEqualTo(retry(BY_IO_RULE));
		assertThat(job.fail(new IllegalStateException())).isEqualTo(new Retry(BY_POLICY.multipliedBy(2), null));
		// The third of three attempts that may fail with it.
		assertThat(job.fail(new IOException())).isEqualTo(new GiveUp());
	}

	@Test
	void givesUpByPolicyAfterAsManyFailuresAsItAllowsHoweverManyTheRulesHadBefore() {
		Life job = new Life(this.rules);
		job.fail(new IOException());
		job.fail(new SocketException());
		job.fail(new IOException());
		assertThat(job.fail(new Error())).isEqualTo(new Retry(BY_POLICY, null));
		assertThat(job.fail(new Error())).isEqualTo(new Retry(BY_POLICY.multipliedBy(2), null));
		assertThat(job.fail(new Error())).isEqualTo(new Retry(BY_POLICY.multipliedBy(3), null));
		assertThat(job.fail(new Error())).isEqualTo(new GiveUp());
	}

	@Test
	void aHandlerThatAsksForAnotherAttemptUsesThemUp() {
		Life job = new Life(this.rules);
		for (int i = 0; i < 3; i++) {
			assertThat(job.fail(JobRetry.after(Duration.ofHours(1)))).isEqualTo(new Retry(Duration.ofHours(1), null));
		}
		assertThat(job.fail(JobRetry.after(Duration.ofHours(1)))).isEqualTo(new GiveUp());
	}

	@Test
	void countsThatClaimMoreFailuresThanThereWereCountAsNothing() {
		RuleCounts planted = RuleCounts.parse("planted=999999");
		assertThat(this.rules.judge(new Error(), 3, planted, NOON)).isEqualTo(new GiveUp());
		assertThat(this.rules.judge(new Error(), 0, planted, NOON)).isEqualTo(new Retry(BY_POLICY, null));
	}

	@Test
	void keepsTheCountOfARuleWhoseClassesAreReordered() {
		RuleCounts before = RuleCounts.NONE
			.plus(ruleOf(rulesOf(Ordered.class).judge(new IOException(), 0, RuleCounts.NONE, NOON)));
		assertThat(rulesOf(Reordered.class).judge(new IOException(), 1, before, NOON)).isEqualTo(new GiveUp());
	}

	@Test
	void resolvesPlaceholdersOfRules() {
		UnaryOperator<String> placeholders = (text) -> text.replace("${wait}", "7m");
		assertThat(rulesOf(Placeholders.class, placeholders).judge(new IOException(), 0, RuleCounts.NONE, NOON))
			.extracting("delay")
			.isEqualTo(Duration.ofMinutes(7));
	}

	@Test
	void refusesARuleThatCannotBe() {
		assertThatExceptionOfType(InvalidJobException.class).isThrownBy(() -> rulesOf(Never.class))
			.withMessage("maxAttempts is at least 1, not 0");
	}

	@Test
	void judgesAnErrorWhoseCausesRunInACircle() {
		Exception one = new Exception("one");
		Exception two = new Exception("two", one);
		one.initCause(two);
		assertThat(this.rules.judge(one, 0, RuleCounts.NONE, NOON)).isEqualTo(new Retry(BY_POLICY, null));
	}

	private static FailureRules rulesOf(Class<?> handler) {
		return rulesOf(handler, UnaryOperator.identity());
	}

	private static FailureRules rulesOf(Class<?> handler, UnaryOperator<String> placeholders) {
		return FailureRules.of(AnnotatedElementUtils.findMergedRepeatableAnnotations(handler, RetryOn.class),
				AnnotatedElementUtils.findAllMergedAnnotations(handler, DiscardOn.class), placeholders, POLICY);
	}

	private static Throwable causedBy(Throwable error, Throwable cause) {
		return error.initCause(cause);
	}

	private static Retry retry(Duration delay) {
		return new Retry(delay, "a rule");
	}

	private static Throwable noPermission() {
		return RequestNotPermitted.createRequestNotPermitted(RateLimiter.ofDefaults("outbound"));
	}

	private static FailureVerdict withoutRule(FailureVerdict verdict) {
		if (verdict instanceof Snooze snooze && snooze.due() instanceof DueTime.In in
				&& in.delay().compareTo(Duration.ofSeconds(2)) < 0) {
			return WAITS;
		}
		return (ruleOf(verdict) != null) ? retry(((Retry) verdict).delay()) : verdict;
	}

	private static @Nullable String ruleOf(FailureVerdict verdict) {
		return (verdict instanceof Retry retry) ? retry.rule() : null;
	}

	/**
	 * A job that fails again and again.
	 */
	private static final class Life {

		private final FailureRules rules;

		private int failures;

		private RuleCounts counts = RuleCounts.NONE;

		private Instant now = NOON;

		Life(FailureRules rules) {
			this.rules = rules;
		}

		FailureVerdict failAfter(Duration time, Throwable error) {
			this.now = this.now.plus(time);
			return fail(error);
		}

		FailureVerdict fail(Throwable error) {
			FailureVerdict verdict = this.rules.judge(error, this.failures, RuleCounts.parse(this.counts.format()),
					this.now);
			this.failures++;
			this.counts = this.counts.plus(ruleOf(verdict));
			return withoutRule(verdict);
		}

	}

	@RetryOn(value = IOException.class, maxAttempts = 3, delay = "1s", backoff = Backoff.FIXED, jitter = 0)
	@RetryOn(value = SocketException.class, maxAttempts = 2, delay = "5s", backoff = Backoff.FIXED, jitter = 0)
	@DiscardOn({ FileNotFoundException.class, ConnectException.class })
	private static final class Handler {

	}

	@RetryOn(IOException.class)
	@DiscardOn(IOException.class)
	private static final class Undecided {

	}

	@RetryOn({ Exception.class, SocketException.class })
	@DiscardOn(IOException.class)
	private static final class Several {

	}

	@RetryOn(value = { IOException.class, InterruptedException.class }, maxAttempts = 2)
	private static final class Ordered {

	}

	@RetryOn(value = { InterruptedException.class, IOException.class }, maxAttempts = 2)
	private static final class Reordered {

	}

	@RetryOn(value = IOException.class, delay = "${wait}", jitter = 0)
	private static final class Placeholders {

	}

	@RetryOn(value = RequestNotPermitted.class, delay = "9m", maxDelay = "9m", jitter = 0)
	private static final class RetriesRefusals {

	}

	@DiscardOn(RequestNotPermitted.class)
	private static final class DiscardsRefusals {

	}

	@RetryOn(RuntimeException.class)
	private static final class RetriesAll {

	}

	@DiscardOn(Throwable.class)
	private static final class DiscardsAll {

	}

	@RetryOn(value = IOException.class, delay = "25s", backoff = Backoff.FIXED, jitter = 0, giveUpAfter = "1m")
	private static final class GoesOnForAMinute {

	}

	@RetryOn(value = IOException.class, giveUpAfter = "0s")
	private static final class GoesOnForNoTime {

	}

	@RetryOn(value = IOException.class, giveUpAfter = "99999999d")
	private static final class GoesOnForEver {

	}

	@RetryOn(value = IOException.class, maxAttempts = 0)
	private static final class Never {

	}

}
