package io.jobstarter.autoconfigure;

import java.util.List;

import static io.jobstarter.autoconfigure.StartMistake.handler;

/**
 * Recurring jobs that people get wrong.
 */
final class RecurringMistakes {

	private static final String CORRECT = "docs/recurring-jobs.md tells what a schedule may look like";

	private RecurringMistakes() {
	}

	static List<StartMistake> all() {
		return List.of(
				handler("`@Recurring` with a schedule that is none", BadHandlers.BadSchedule.class,
						"'at full moon' is no schedule", CORRECT),
				handler("`@Recurring` at a time that never comes", BadHandlers.NeverFires.class, "never fires",
						CORRECT),
				handler("`@Recurring` without a schedule", BadHandlers.NoSchedule.class, "There is no schedule",
						CORRECT),
				handler("`@Recurring` with a schedule and an interval", BadHandlers.TwoSchedules.class,
						"There is a schedule and an interval", CORRECT),
				handler("`@Recurring` in a time zone that there is not", BadHandlers.BadZone.class,
						"There is no time zone 'Europe/Berlim'", CORRECT),
				handler("`@Recurring` with an interval below a second", BadHandlers.BadInterval.class, "whole seconds",
						CORRECT),
				new StartMistake("Two `@Recurring` with one id", List.of("The id 'send' belongs to two @Recurring"),
						"Give one of them another @Recurring(id = …)", List.of(),
						List.of(BadHandlers.SameRecurring.class)),
				handler("`@Recurring` with a payload that the handler cannot read",
						BadHandlers.RecurringWithoutPayload.class, "is not valid", CORRECT),
				configured("a schedule that is none", ".schedule", "'every full moon' is no schedule",
						"schedule=every full moon", "job=greet"),
				configured("neither a schedule nor an interval", ".schedule", "There is no schedule", "job=greet"),
				configured("a job that there is not", ".job", "did you mean 'greet'?", "schedule=@daily", "job=gret"),
				configured("a payload that the handler cannot read", ".payload", "cannot work", "schedule=@daily",
						"job=greet", "payload=["),
				configured("a jitter above a day", "", "A jitter is at most a day", "schedule=@daily", "job=greet",
						"jitter=2d"));
	}

	private static StartMistake configured(String title, String key, String said, String... settings) {
		return new StartMistake("`background-jobs.recurring.nightly` with " + title,
				List.of("background-jobs.recurring.nightly" + key + " is ", said), CORRECT,
				List.of(settings).stream().map((setting) -> "background-jobs.recurring.nightly." + setting).toList(),
				List.of(Greetings.class));
	}

}
