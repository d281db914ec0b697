package io.jobstarter.sample.projection;

import java.time.Instant;
import java.util.UUID;

import io.jobstarter.sample.github.GithubEvent;
import io.jobstarter.sample.github.GithubPayload;
import io.jobstarter.sample.github.StorableText;
import io.jobstarter.sample.persistence.AssignedIdEntity;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import org.jspecify.annotations.Nullable;

/**
 * A push. A branch may go back and forth between two commits, so nothing in the payload
 * tells two pushes apart: the delivery does.
 */
@Entity
@Table(name = "github_push")
class GithubPush extends AssignedIdEntity<UUID> {

	@Id
	private UUID deliveryId;

	private long repositoryId;

	private String ref;

	private String beforeCommit;

	private String afterCommit;

	private int commits;

	private boolean forced;

	private @Nullable String pusher;

	@Column(name = "pushed_at")
	private @Nullable Instant pushedAt;

	protected GithubPush() {
		// for Hibernate
	}

	GithubPush(GithubEvent event) {
		GithubPayload push = event.payload();
		this.deliveryId = event.deliveryId();
		this.repositoryId = event.repository().id();
		this.ref = StorableText.cut(event.require(push.ref(), "ref"), 1024);
		this.beforeCommit = StorableText.cut(event.require(push.before(), "before"), 64);
		this.afterCommit = StorableText.cut(event.require(push.after(), "after"), 64);
		this.commits = (push.commits() != null) ? push.commits().size() : 0;
		this.forced = Boolean.TRUE.equals(push.forced());
		this.pusher = (push.pusher() != null && push.pusher().name() != null)
				? StorableText.cut(push.pusher().name(), 255) : null;
		this.pushedAt = event.repository().pushedAt();
	}

	@Override
	public UUID getId() {
		return this.deliveryId;
	}

}
