package io.jobstarter.sample.projection;

import java.util.Set;

import io.jobstarter.sample.github.GithubEvent;

import org.springframework.stereotype.Component;

/**
 * Brings the tables up to date with an event. May be given the same event again, and
 * events in any order. Runs in the caller's transaction.
 */
@Component
public class Projections {

	private static final Set<String> PROJECTED = Set.of("repository", "issues", "pull_request", "push", "star",
			"watch");

	private final RepositoryProjection repositories;

	private final IssueProjection issues;

	private final PullRequestProjection pullRequests;

	private final PushProjection pushes;

	private final StarProjection stars;

	Projections(RepositoryProjection repositories, IssueProjection issues, PullRequestProjection pullRequests,
			PushProjection pushes, StarProjection stars) {
		this.repositories = repositories;
		this.issues = issues;
		this.pullRequests = pullRequests;
		this.pushes = pushes;
		this.stars = stars;
	}

	/**
	 * Whether an event changes the tables.
	 * @param event the name of the event
	 * @return whether it does
	 */
	public static boolean isProjected(String event) {
		return PROJECTED.contains(event);
	}

	/**
	 * Projects an event.
	 * @param event an event that {@linkplain #isProjected(String) is projected}
	 */
	public void project(GithubEvent event) {
		// Always the repository first: jobs that lock rows in the same order do not
		// deadlock.
		this.repositories.project(event);
		switch (event.name()) {
			case "issues" -> this.issues.project(event);
			case "pull_request" -> this.pullRequests.project(event);
			case "push" -> this.pushes.project(event);
			case "star", "watch" -> this.stars.project(event);
			default -> {
				// The repository was all there is.
			}
		}
	}

}
