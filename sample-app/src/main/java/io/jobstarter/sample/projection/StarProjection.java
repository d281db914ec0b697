package io.jobstarter.sample.projection;

import io.jobstarter.sample.github.GithubEvent;
import io.jobstarter.sample.github.GithubPayload;

import org.springframework.stereotype.Component;

/**
 * Projects {@code star} and its elder sister {@code watch}, which GitHub sends when a
 * star is given, but not when it is taken back.
 */
@Component
class StarProjection {

	private final GithubStars stars;

	StarProjection(GithubStars stars) {
		this.stars = stars;
	}

	void project(GithubEvent event) {
		GithubPayload.Account user = event.sender();
		GithubPayload.Repository repository = event.repository();
		boolean starred = !event.payload().isAction("deleted");
		GithubStar.Key key = new GithubStar.Key(repository.id(), user.id());
		GithubStar row = this.stars.findWithLockById(key).orElseGet(() -> new GithubStar(key));
		// Every star changes its repository, and only the repository says when.
		row.update(user, starred,
				new Revision(repository.updatedAt(), starred ? Revision.OPEN : Revision.CLOSED, event.deliveryId()));
		this.stars.saveAndFlush(row);
	}

}
