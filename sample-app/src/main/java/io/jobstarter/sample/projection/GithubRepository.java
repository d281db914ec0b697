package io.jobstarter.sample.projection;

import io.jobstarter.sample.github.GithubPayload;
import io.jobstarter.sample.github.StorableText;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;

@Entity
@Table(name = "github_repository")
class GithubRepository extends RevisedEntity<Long> {

	@Id
	private Long id;

	private String fullName;

	@Column(name = "private")
	private boolean isPrivate;

	private boolean archived;

	private boolean deleted;

	private int stars;

	protected GithubRepository() {
		// for Hibernate
	}

	GithubRepository(long id) {
		this.id = id;
	}

	void update(GithubPayload.Repository repository, Revision candidate) {
		if (!advanceTo(candidate)) {
			return;
		}
		this.fullName = StorableText.cut(repository.fullName(), 255);
		this.isPrivate = Boolean.TRUE.equals(repository.isPrivate());
		this.archived = Boolean.TRUE.equals(repository.archived());
		this.deleted = candidate.isGone();
		this.stars = (repository.stargazersCount() != null) ? repository.stargazersCount() : 0;
	}

	@Override
	public Long getId() {
		return this.id;
	}

}
