package io.jobstarter.sample.github;

import java.time.Instant;
import java.util.List;
import java.util.Objects;

import com.fasterxml.jackson.annotation.JsonProperty;
import org.jspecify.annotations.Nullable;

/**
 * The parts of GitHub's payloads that we read. Which of them are there depends on the
 * event.
 *
 * @param action what happened, such as {@code opened}
 * @param repository where it happened
 * @param sender who did it
 * @param issue the issue concerned
 * @param pullRequest the pull request concerned
 * @param starredAt when a star was given; absent when it was taken back
 * @param ref the branch or tag that was pushed
 * @param before the commit that it was at before
 * @param after the commit that it is at now
 * @param forced whether commits were lost
 * @param commits the commits pushed, at most 2048
 * @param pusher who pushed
 */
public record GithubPayload(@Nullable String action, @Nullable Repository repository, @Nullable Account sender,
		@Nullable Issue issue, @Nullable PullRequest pullRequest, @Nullable Instant starredAt, @Nullable String ref,
		@Nullable String before, @Nullable String after, @Nullable Boolean forced, @Nullable List<Commit> commits,
		@Nullable Pusher pusher) {

	/**
	 * Whether this action happened.
	 * @param expected the name of the action
	 * @return whether it did
	 */
	public boolean isAction(String expected) {
		return expected.equals(this.action);
	}

	/**
	 * A repository.
	 *
	 * @param id its id, which a change of name or owner does not change
	 * @param fullName its owner and name
	 * @param isPrivate whether it is private
	 * @param archived whether it is read-only
	 * @param stargazersCount how many stars it has
	 * @param updatedAt when it was changed last, to the second
	 * @param pushedAt when something was pushed last
	 */
	public record Repository(long id, String fullName, @JsonProperty("private") @Nullable Boolean isPrivate,
			@Nullable Boolean archived, @Nullable Integer stargazersCount, Instant updatedAt,
			@Nullable Instant pushedAt) {

		public Repository {
			Objects.requireNonNull(fullName, "full_name");
			Objects.requireNonNull(updatedAt, "updated_at");
		}

	}

	/**
	 * A user or organization.
	 *
	 * @param id its id
	 * @param login its name
	 */
	public record Account(long id, String login) {

		public Account {
			Objects.requireNonNull(login, "login");
		}

	}

	/**
	 * An issue.
	 *
	 * @param id its id
	 * @param number its number in its repository
	 * @param title its title
	 * @param state {@code open} or {@code closed}
	 * @param updatedAt when it was changed last, to the second
	 */
	public record Issue(long id, int number, String title, @Nullable String state, Instant updatedAt) {

		public Issue {
			Objects.requireNonNull(title, "title");
			Objects.requireNonNull(updatedAt, "updated_at");
		}

	}

	/**
	 * A pull request.
	 *
	 * @param id its id
	 * @param number its number in its repository
	 * @param title its title
	 * @param state {@code open} or {@code closed}
	 * @param draft whether it is a draft
	 * @param merged whether it is merged
	 * @param updatedAt when it was changed last, to the second
	 */
	public record PullRequest(long id, int number, String title, @Nullable String state, @Nullable Boolean draft,
			@Nullable Boolean merged, Instant updatedAt) {

		public PullRequest {
			Objects.requireNonNull(title, "title");
			Objects.requireNonNull(updatedAt, "updated_at");
		}

	}

	/**
	 * A commit, of which only the number counts.
	 *
	 * @param id its hash
	 */
	public record Commit(String id) {
	}

	/**
	 * Who pushed.
	 *
	 * @param name the user's name
	 */
	public record Pusher(String name) {
	}

}
