package io.jobstarter.sample;

import java.util.concurrent.atomic.AtomicLong;

/**
 * Builds deliveries of the event {@code issues}.
 *
 * @param id the issue's id
 * @param title its title, as JSON writes it between the quotes
 * @param state its state
 * @param updatedAt when it was changed last
 */
public record Issue(long id, String title, String state, String updatedAt) {

	private static final AtomicLong IDS = new AtomicLong(1_000_000);

	/**
	 * An issue that nobody has heard of.
	 * @return the issue, open
	 */
	public static Issue unheardOf() {
		return new Issue(IDS.incrementAndGet(), "A title", "open", "2025-01-01T00:00:00Z");
	}

	public Issue titled(String json) {
		return new Issue(this.id, json, this.state, this.updatedAt);
	}

	public Issue closedAt(String time) {
		return new Issue(this.id, this.title, "closed", time);
	}

	public Issue openAt(String time) {
		return new Issue(this.id, this.title, "open", time);
	}

	public String json(String action) {
		return """
				{"action":"%s",
				 "issue":{"id":%d,"number":1,"title":"%s","state":"%s","updated_at":"%s"},
				 "repository":{"id":8001,"full_name":"harbour/tests","private":false,"updated_at":"2025-01-01T00:00:00Z"},
				 "sender":{"id":71,"login":"ada"}}"""
			.formatted(action, this.id, this.title, this.state, this.updatedAt);
	}

}
