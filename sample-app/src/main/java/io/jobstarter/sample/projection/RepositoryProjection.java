package io.jobstarter.sample.projection;

import io.jobstarter.sample.github.GithubEvent;
import io.jobstarter.sample.github.GithubPayload;

import org.springframework.stereotype.Component;

@Component
class RepositoryProjection {

	private final GithubRepositories repositories;

	RepositoryProjection(GithubRepositories repositories) {
		this.repositories = repositories;
	}

	void project(GithubEvent event) {
		GithubPayload.Repository repository = event.repository();
		boolean deleted = event.name().equals("repository") && event.payload().isAction("deleted");
		GithubRepository row = this.repositories.findWithLockById(repository.id())
			.orElseGet(() -> new GithubRepository(repository.id()));
		row.update(repository,
				new Revision(repository.updatedAt(), deleted ? Revision.GONE : Revision.OPEN, event.deliveryId()));
		this.repositories.saveAndFlush(row);
	}

}
