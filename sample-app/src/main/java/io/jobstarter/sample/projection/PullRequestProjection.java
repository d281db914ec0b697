package io.jobstarter.sample.projection;

import io.jobstarter.sample.github.GithubEvent;
import io.jobstarter.sample.github.GithubPayload;

import org.springframework.stereotype.Component;

@Component
class PullRequestProjection {

	private final GithubPullRequests pullRequests;

	PullRequestProjection(GithubPullRequests pullRequests) {
		this.pullRequests = pullRequests;
	}

	void project(GithubEvent event) {
		GithubPayload.PullRequest pullRequest = event.pullRequest();
		GithubPullRequest row = this.pullRequests.findWithLockById(pullRequest.id())
			.orElseGet(() -> new GithubPullRequest(pullRequest.id()));
		String state = state(pullRequest);
		row.update(event.repository().id(), pullRequest, state,
				new Revision(pullRequest.updatedAt(), finality(state), event.deliveryId()));
		this.pullRequests.saveAndFlush(row);
	}

	private static String state(GithubPayload.PullRequest pullRequest) {
		if (Boolean.TRUE.equals(pullRequest.merged())) {
			return "merged";
		}
		return "closed".equals(pullRequest.state()) ? "closed" : "open";
	}

	private static int finality(String state) {
		return switch (state) {
			case "merged" -> Revision.MERGED;
			case "closed" -> Revision.CLOSED;
			default -> Revision.OPEN;
		};
	}

}
