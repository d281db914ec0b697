package io.jobstarter.sample.projection;

import io.jobstarter.sample.github.GithubPayload;
import io.jobstarter.sample.github.StorableText;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;

@Entity
@Table(name = "github_pull_request")
class GithubPullRequest extends RevisedEntity<Long> {

	@Id
	private Long id;

	private long repositoryId;

	private int number;

	private String title;

	private String state;

	private boolean draft;

	protected GithubPullRequest() {
		// for Hibernate
	}

	GithubPullRequest(long id) {
		this.id = id;
	}

	void update(long repository, GithubPayload.PullRequest pullRequest, String newState, Revision candidate) {
		if (!advanceTo(candidate)) {
			return;
		}
		this.repositoryId = repository;
		this.number = pullRequest.number();
		this.title = StorableText.cut(pullRequest.title(), 1024);
		this.state = newState;
		this.draft = Boolean.TRUE.equals(pullRequest.draft());
	}

	@Override
	public Long getId() {
		return this.id;
	}

}
