package io.jobstarter.sample.github;

import java.util.UUID;

import com.fasterxml.jackson.core.JsonProcessingException;
import org.jspecify.annotations.Nullable;

/**
 * A delivery that was read.
 *
 * @param deliveryId the delivery's id
 * @param name the name of the event
 * @param payload what we read of its body
 */
public record GithubEvent(UUID deliveryId, String name, GithubPayload payload) {

	/**
	 * Reads a delivery.
	 * @param deliveryId the delivery's id
	 * @param name the name of the event
	 * @param body its JSON
	 * @return the event
	 * @throws UnreadableEventException if the body is not what GitHub documents
	 */
	public static GithubEvent read(UUID deliveryId, String name, String body) {
		try {
			return new GithubEvent(deliveryId, name, GithubPayloadReader.read(body));
		}
		catch (JsonProcessingException ex) {
			throw new UnreadableEventException(deliveryId, "cannot be read", ex);
		}
	}

	/**
	 * Insists on a part of the payload.
	 * @param <T> its type
	 * @param part the part, or {@code null} if it is not there
	 * @param property its name in the payload
	 * @return the part
	 * @throws UnreadableEventException if it is not there
	 */
	public <T> T require(@Nullable T part, String property) {
		if (part == null) {
			throw new UnreadableEventException(this.deliveryId, "lacks \"" + property + "\"", null);
		}
		return part;
	}

	public GithubPayload.Repository repository() {
		return require(this.payload.repository(), "repository");
	}

	public GithubPayload.Account sender() {
		return require(this.payload.sender(), "sender");
	}

	public GithubPayload.Issue issue() {
		return require(this.payload.issue(), "issue");
	}

	public GithubPayload.PullRequest pullRequest() {
		return require(this.payload.pullRequest(), "pull_request");
	}

}
