package io.jobstarter.handler;

import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.time.Duration;
import java.util.Map;
import java.util.function.Consumer;

import io.jobstarter.BackgroundJob;
import io.jobstarter.InvalidJobException;
import io.jobstarter.JobAttempt;
import io.jobstarter.JobHandler;
import io.jobstarter.Unique;
import io.jobstarter.UniqueConflict;
import io.jobstarter.UniqueUntil;
import io.jobstarter.Uniqueness;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.core.annotation.AliasFor;
import org.springframework.core.env.MapPropertySource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

class UniqueRuleTests {

	private static final Sync PAYLOAD = new Sync("ada", 7);

	private @Nullable Uniqueness uniqueness(Class<?> handler, UniqueOverrides overrides, Object payload) {
		JobOverrides override = new JobOverrides(null, null, null, null, PolicyOverrides.NONE, overrides);
		try (AnnotationConfigApplicationContext context = new AnnotationConfigApplicationContext()) {
			context.getEnvironment()
				.getPropertySources()
				.addFirst(new MapPropertySource("test", Map.of("sync.key", "#{payload.account()}", "sync.ttl", "10m")));
			context.register(handler);
			context.refresh();
			return new HandlerScanner(context.getBeanFactory(), new JobDefaults("default", null),
					Map.of("sync", override))
				.scan()
				.definitions()
				.iterator()
				.next()
				.uniquenessFor(payload);
		}
	}

	private @Nullable Uniqueness uniqueness(Class<?> handler) {
		return uniqueness(handler, UniqueOverrides.NONE, PAYLOAD);
	}

	@Test
	void aJobIsNotUniqueUnlessItSaysSo() {
		assertThat(uniqueness(Plain.class)).isNull();
	}

	@Test
	void theWholePayloadIsTheKeyUntilTheStartIfNothingElseIsSaid() {
		assertThat(uniqueness(Bare.class)).isEqualTo(Uniqueness.ofPayload());
	}

	@Test
	void readsTheAnnotationOfAMethodWithItsPlaceholders() {
		assertThat(uniqueness(OfMethod.class))
			.isEqualTo(Uniqueness.of("ada").untilExpired(Duration.ofMinutes(10)).onConflict(UniqueConflict.REPLACE));
	}

	@Test
	void readsAnAnnotationOfOnesOwn() {
		assertThat(uniqueness(Debounced.class)).isEqualTo(Uniqueness.of("7")
			.onConflict(UniqueConflict.RESCHEDULE)
			.within(Duration.ofSeconds(5), Duration.ofSeconds(50)));
	}

	@Test
	void theConfigurationGoesBeforeTheAnnotationSettingBySetting() {
		UniqueOverrides overrides = new UniqueOverrides(null, "#{payload.number()}", null, Duration.ofHours(1), null,
				null, null);
		assertThat(uniqueness(OfMethod.class, overrides, PAYLOAD))
			.isEqualTo(Uniqueness.of("7").untilExpired(Duration.ofHours(1)).onConflict(UniqueConflict.REPLACE));
		overrides = new UniqueOverrides(null, null, UniqueUntil.FINISHED, null, null, Duration.ofSeconds(1), null);
		assertThat(uniqueness(Plain.class, overrides, PAYLOAD))
			.isEqualTo(Uniqueness.ofPayload().until(UniqueUntil.FINISHED).within(Duration.ofSeconds(1)));
		overrides = new UniqueOverrides(false, null, null, null, null, null, null);
		assertThat(uniqueness(OfMethod.class, overrides, PAYLOAD)).isNull();
	}

	@Test
	void refusesAtStartWhatMakesNoSense() {
		refused((set) -> set.ttl = Duration.ofHours(1), "not held until it has expired");
		refused((set) -> set.until = UniqueUntil.EXPIRED, "needs a ttl");
		refused((set) -> set.maxDelay = Duration.ofHours(1), "no within");
		refused((set) -> set.within = Duration.ZERO, "longer than 0");
		refused((set) -> set.key = "constant", "same for every payload");
		refused((set) -> {
			set.within = Duration.ofHours(2);
			set.maxDelay = Duration.ofHours(1);
		}, "shorter than within");
		refused((set) -> {
			set.until = UniqueUntil.EXPIRED;
			set.ttl = Duration.ofHours(1);
			set.within = Duration.ofHours(1);
		}, "no reason to wait");
	}

	private void refused(Consumer<Settings> settings, String message) {
		Settings set = new Settings();
		settings.accept(set);
		UniqueOverrides overrides = new UniqueOverrides(null, set.key, set.until, set.ttl, null, set.within,
				set.maxDelay);
		assertThatExceptionOfType(InvalidHandlerException.class)
			.isThrownBy(() -> uniqueness(Plain.class, overrides, PAYLOAD))
			.withMessageContaining(message);
	}

	@Test
	void aPayloadThatLeadsToNoKeyIsRefusedWithoutShowingIt() {
		for (String account : new String[] { "", "secret".repeat(200) }) {
			assertThatExceptionOfType(InvalidJobException.class)
				.isThrownBy(() -> uniqueness(OfMethod.class, UniqueOverrides.NONE, new Sync(account, 1)))
				.withMessageContaining("This sync has no unique key")
				.withMessageContaining("#{payload.account()}")
				.satisfies((ex) -> assertThat(ex.getMessage()).doesNotContain("secret"));
		}
	}

	/**
	 * What a configuration says.
	 */
	private static final class Settings {

		private @Nullable String key;

		private @Nullable UniqueUntil until;

		private @Nullable Duration ttl;

		private @Nullable Duration within;

		private @Nullable Duration maxDelay;

	}

	record Sync(String account, int number) {
	}

	@BackgroundJob
	static class Plain implements JobHandler<Sync> {

		@Override
		public void handle(Sync payload, JobAttempt attempt) {
		}

	}

	@BackgroundJob
	@Unique
	static class Bare implements JobHandler<Sync> {

		@Override
		public void handle(Sync payload, JobAttempt attempt) {
		}

	}

	static class OfMethod {

		@BackgroundJob
		@Unique(key = "${sync.key}", until = UniqueUntil.EXPIRED, ttl = "${sync.ttl}",
				onConflict = UniqueConflict.REPLACE)
		void sync(Sync payload) {
		}

	}

	@Retention(RetentionPolicy.RUNTIME)
	@Unique(onConflict = UniqueConflict.RESCHEDULE, within = "5s")
	@interface AfterAPause {

		@AliasFor(annotation = Unique.class, attribute = "key")
		String of();

	}

	@BackgroundJob
	@AfterAPause(of = "#{payload.number()}")
	static class Debounced implements JobHandler<Sync> {

		@Override
		public void handle(Sync payload, JobAttempt attempt) {
		}

	}

}
