package io.jobstarter.sample.projection;

import io.jobstarter.sample.github.GithubEvent;
import io.jobstarter.sample.github.GithubPayload;

import org.springframework.stereotype.Component;

@Component
class IssueProjection {

	private final GithubIssues issues;

	IssueProjection(GithubIssues issues) {
		this.issues = issues;
	}

	void project(GithubEvent event) {
		GithubPayload.Issue issue = event.issue();
		GithubIssue row = this.issues.findWithLockById(issue.id()).orElseGet(() -> new GithubIssue(issue.id()));
		String state = state(event.payload(), issue);
		row.update(event.repository().id(), issue, state,
				new Revision(issue.updatedAt(), finality(state), event.deliveryId()));
		this.issues.saveAndFlush(row);
	}

	private static String state(GithubPayload payload, GithubPayload.Issue issue) {
		// A transferred issue goes on under another id in the other repository.
		if (payload.isAction("deleted") || payload.isAction("transferred")) {
			return "gone";
		}
		return "closed".equals(issue.state()) ? "closed" : "open";
	}

	private static int finality(String state) {
		return switch (state) {
			case "gone" -> Revision.GONE;
			case "closed" -> Revision.CLOSED;
			default -> Revision.OPEN;
		};
	}

}
