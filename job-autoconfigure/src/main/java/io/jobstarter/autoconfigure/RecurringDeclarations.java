package io.jobstarter.autoconfigure;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

import io.jobstarter.BackgroundJobException;
import io.jobstarter.InvalidPayloadException;
import io.jobstarter.InvalidScheduleException;
import io.jobstarter.RecurringDefinition;
import io.jobstarter.RecurringRequest.Options;
import io.jobstarter.RecurringSource;
import io.jobstarter.UnknownJobException;
import io.jobstarter.autoconfigure.BackgroundJobProperties.RecurringJob;
import io.jobstarter.handler.InvalidHandlerException;
import io.jobstarter.schedule.DeclareRecurringJobs.Declarations;
import io.jobstarter.schedule.DeclaredJob;
import io.jobstarter.schedule.RecurringDefinitions;
import io.jobstarter.schedule.RecurringSpec;

import org.springframework.util.StringUtils;

/**
 * The recurring jobs that this application declares, by annotation and by configuration.
 */
public final class RecurringDeclarations {

	private static final String KEY = "background-jobs.recurring.";

	private final Declarations all;

	private RecurringDeclarations(Collection<DeclaredJob> jobs, Set<String> switchedOff) {
		this.all = new Declarations(List.copyOf(jobs), Set.copyOf(switchedOff));
	}

	/**
	 * Puts them together. The configuration goes before annotations of the same id.
	 * @param annotated those of annotations
	 * @param configured those of the configuration, by id
	 * @param definitions makes recurring jobs
	 * @return the declarations
	 * @throws InvalidHandlerException if two annotations have the same id
	 * @throws InvalidSettingException if one of the configuration cannot work
	 */
	static RecurringDeclarations of(List<DeclaredJob> annotated, Map<String, RecurringJob> configured,
			RecurringDefinitions definitions) {
		Map<String, DeclaredJob> jobs = new LinkedHashMap<>();
		for (DeclaredJob job : annotated) {
			DeclaredJob other = jobs.put(job.definition().id(), job);
			if (other != null) {
				throw new InvalidHandlerException(
						"The id '" + job.definition().id() + "' belongs to two @Recurring, of the jobs "
								+ other.definition().jobName() + " and " + job.definition().jobName(),
						"Give one of them another @Recurring(id = …)");
			}
		}
		Set<String> switchedOff = new LinkedHashSet<>();
		configured.forEach((id, job) -> {
			jobs.remove(id);
			if (job.enabled()) {
				jobs.put(id, new DeclaredJob(definition(id, job, definitions), RecurringSource.CONFIGURATION));
			}
			else {
				switchedOff.add(id);
			}
		});
		return new RecurringDeclarations(jobs.values(), switchedOff);
	}

	private static RecurringDefinition definition(String id, RecurringJob job, RecurringDefinitions definitions) {
		try {
			return definitions.create(spec(id, job));
		}
		catch (BackgroundJobException ex) {
			throw refusal(id, job, ex);
		}
	}

	// Nothing of a payload, which may hold secrets.
	private static InvalidSettingException refusal(String id, RecurringJob job, BackgroundJobException ex) {
		String key = KEY + id;
		String problem = "it cannot work: " + String.valueOf(ex.getMessage()).replaceFirst("\\.$", "");
		String remedy = "Correct it; docs/recurring-jobs.md tells what a schedule may look like.";
		if (ex instanceof InvalidScheduleException) {
			return new InvalidSettingException(key + ".schedule", "'" + schedule(job) + "'", problem, remedy);
		}
		if (ex instanceof UnknownJobException) {
			return new InvalidSettingException(key + ".job", "'" + job(id, job) + "'", problem, remedy);
		}
		if (ex instanceof InvalidPayloadException) {
			return new InvalidSettingException(key + ".payload", "set", problem, remedy);
		}
		return new InvalidSettingException(key, "set", problem, remedy);
	}

	private static String schedule(RecurringJob job) {
		return Stream.of(job.schedule(), job.cron(), job.every()).filter(StringUtils::hasText).findFirst().orElse("");
	}

	private static String job(String id, RecurringJob job) {
		return StringUtils.hasText(job.job()) ? job.job() : id;
	}

	private static RecurringSpec spec(String id, RecurringJob job) {
		if (StringUtils.hasText(job.schedule()) && StringUtils.hasText(job.cron())) {
			throw new InvalidScheduleException("There is a schedule and a cron expression: write one of them");
		}
		String schedule = StringUtils.hasText(job.schedule()) ? job.schedule() : job.cron();
		return new RecurringSpec(id, RecurringSpec.scheduleOf(schedule, job.every()), job.zone(), job(id, job),
				job.payload(), new Options(job.queue(), job.priority(), job.description(), job.misfire(), job.overlap(),
						job.jitter(), job.catchUp()));
	}

	/**
	 * Lists them.
	 * @return the recurring jobs
	 */
	public List<DeclaredJob> jobs() {
		return this.all.jobs();
	}

	Declarations all() {
		return this.all;
	}

}
