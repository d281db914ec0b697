package io.jobstarter;

import java.time.DateTimeException;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;

import org.jspecify.annotations.Nullable;

/**
 * The fire that a job was enqueued for. It travels in the job's headers.
 *
 * @param id the id of the recurring job
 * @param at the instant at which it fired by its schedule, however late the job was
 * enqueued or started; of {@link RecurringJobs#runNow}, when that was called
 */
public record RecurringFire(String id, Instant at) {

	/**
	 * The header that holds the id.
	 */
	public static final String ID_HEADER = "background-jobs-recurring";

	/**
	 * The header that holds the instant.
	 */
	public static final String AT_HEADER = "background-jobs-fire-at";

	/**
	 * Reads headers.
	 * @param headers the headers of a job
	 * @return the fire, or {@code null} if they tell of none
	 */
	public static @Nullable RecurringFire of(Map<String, String> headers) {
		String id = headers.get(ID_HEADER);
		String at = headers.get(AT_HEADER);
		try {
			return (id != null && at != null) ? new RecurringFire(id, Instant.parse(at)) : null;
		}
		catch (DateTimeException ex) {
			// A header can also be set by whoever enqueues a job.
			return null;
		}
	}

	/**
	 * Writes headers.
	 * @return what {@link #of} reads
	 */
	public Map<String, String> headers() {
		Map<String, String> headers = new LinkedHashMap<>();
		headers.put(ID_HEADER, this.id);
		headers.put(AT_HEADER, this.at.toString());
		return headers;
	}

}
