package io.jobstarter.sample.notification;

import java.util.Optional;

import io.jobstarter.JobClient;
import io.jobstarter.sample.github.GithubEvent;
import io.jobstarter.sample.github.GithubPayload;
import io.jobstarter.sample.github.StorableText;

import org.springframework.stereotype.Component;

/**
 * Decides what is worth telling.
 */
@Component
public class Notifications {

	private static final int SUBJECT_LENGTH = 255;

	private final JobClient jobs;

	Notifications(JobClient jobs) {
		this.jobs = jobs;
	}

	/**
	 * Enqueues a notification, if the event is worth one, in the caller's transaction: if
	 * that is rolled back, nobody is told.
	 * @param event what happened
	 */
	public void announce(GithubEvent event) {
		notificationOf(event).ifPresent((job) -> this.jobs.job(job).tag("event:" + event.name()).enqueue());
	}

	static Optional<NotifyDownstream> notificationOf(GithubEvent event) {
		GithubPayload payload = event.payload();
		return switch (event.name()) {
			case "issues" ->
				payload.isAction("opened") ? of(event, "issue.opened", event.issue().title()) : Optional.empty();
			case "pull_request" -> ofPullRequest(event, event.pullRequest());
			case "star" ->
				payload.isAction("created") ? of(event, "star.created", event.sender().login()) : Optional.empty();
			default -> Optional.empty();
		};
	}

	private static Optional<NotifyDownstream> ofPullRequest(GithubEvent event, GithubPayload.PullRequest pullRequest) {
		if (event.payload().isAction("opened")) {
			return of(event, "pull_request.opened", pullRequest.title());
		}
		if (event.payload().isAction("closed") && Boolean.TRUE.equals(pullRequest.merged())) {
			return of(event, "pull_request.merged", pullRequest.title());
		}
		return Optional.empty();
	}

	private static Optional<NotifyDownstream> of(GithubEvent event, String kind, String subject) {
		return Optional.of(new NotifyDownstream(event.deliveryId(), kind, event.repository().fullName(),
				StorableText.cut(subject, SUBJECT_LENGTH)));
	}

}
