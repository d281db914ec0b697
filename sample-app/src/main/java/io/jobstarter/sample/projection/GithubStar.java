package io.jobstarter.sample.projection;

import java.io.Serializable;

import io.jobstarter.sample.github.GithubPayload;
import io.jobstarter.sample.github.StorableText;
import jakarta.persistence.Embeddable;
import jakarta.persistence.EmbeddedId;
import jakarta.persistence.Entity;
import jakarta.persistence.Table;

/**
 * Whether a user stars a repository. A star that was taken back stays as a row, so that
 * an older delivery that comes late does not give it again.
 */
@Entity
@Table(name = "github_star")
class GithubStar extends RevisedEntity<GithubStar.Key> {

	@EmbeddedId
	private Key id;

	private String login;

	private boolean starred;

	protected GithubStar() {
		// for Hibernate
	}

	GithubStar(Key id) {
		this.id = id;
	}

	void update(GithubPayload.Account user, boolean isStarred, Revision candidate) {
		if (!advanceTo(candidate)) {
			return;
		}
		this.login = StorableText.cut(user.login(), 255);
		this.starred = isStarred;
	}

	@Override
	public Key getId() {
		return this.id;
	}

	/**
	 * Who stars what.
	 *
	 * @param repositoryId the repository's id
	 * @param userId the user's id
	 */
	@Embeddable
	record Key(long repositoryId, long userId) implements Serializable {
	}

}
