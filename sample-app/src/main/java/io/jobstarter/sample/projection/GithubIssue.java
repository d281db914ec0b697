package io.jobstarter.sample.projection;

import io.jobstarter.sample.github.GithubPayload;
import io.jobstarter.sample.github.StorableText;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;

@Entity
@Table(name = "github_issue")
class GithubIssue extends RevisedEntity<Long> {

	@Id
	private Long id;

	private long repositoryId;

	private int number;

	private String title;

	private String state;

	protected GithubIssue() {
		// for Hibernate
	}

	GithubIssue(long id) {
		this.id = id;
	}

	void update(long repository, GithubPayload.Issue issue, String newState, Revision candidate) {
		if (!advanceTo(candidate)) {
			return;
		}
		this.repositoryId = repository;
		this.number = issue.number();
		this.title = StorableText.cut(issue.title(), 1024);
		this.state = newState;
	}

	@Override
	public Long getId() {
		return this.id;
	}

}
