package io.jobstarter.store.jdbc;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

import io.jobstarter.Audit;
import io.jobstarter.DueTime;
import io.jobstarter.Enqueued;
import io.jobstarter.JobId;
import io.jobstarter.LimitKey;
import io.jobstarter.store.EnqueueStore;
import io.jobstarter.store.Lane;
import io.jobstarter.store.NewJob;
import io.jobstarter.store.RedrivenLetter;
import io.jobstarter.store.UniqueKey;
import io.jobstarter.support.CleanText;
import org.jspecify.annotations.Nullable;

/**
 * Redrives dead letters whose jobs had unique keys, as an enqueue would: where another
 * job holds the key now, that one takes the place of a new one, and the letter says so.
 */
final class UniqueLetters {

	private static final String READ = """
			select job_id, name, payload, tags, limits from background_job_dead_letter
			where job_id = any (cast(:ids as bigint array))
			""";

	private static final String JOINED = "another job holds its unique key and takes its place";

	/** How many characters a letter keeps of why it was resolved. */
	private static final int MAX_REASON = 1_000;

	/** How many payloads are held in memory. */
	private static final int PORTION = 100;

	private final Statements statements;

	private final EnqueueStore enqueue;

	UniqueLetters(Statements statements, EnqueueStore enqueue) {
		this.statements = statements;
		this.enqueue = enqueue;
	}

	/**
	 * Enqueues jobs in place of letters that are locked.
	 * @param letters the letters
	 * @param payload the payload of the new jobs, or {@code null} for that of each letter
	 * @return the jobs in their places, in the order of the letters
	 */
	List<RedrivenLetter> enqueue(List<Keyed> letters, @Nullable String payload) {
		List<RedrivenLetter> redriven = new ArrayList<>(letters.size());
		Portions.of(letters, (letter) -> 1, PORTION)
			.forEach((portion) -> redriven.addAll(enqueuePortion(portion, payload)));
		return redriven;
	}

	private List<RedrivenLetter> enqueuePortion(List<Keyed> letters, @Nullable String payload) {
		Map<Long, Content> contents = read(letters);
		List<Enqueued> enqueued = this.enqueue
			.insert(letters.stream().map((letter) -> job(letter, contents, payload)).toList());
		List<RedrivenLetter> redriven = new ArrayList<>(letters.size());
		for (int i = 0; i < letters.size(); i++) {
			redriven.add(letters.get(i).redriven(enqueued.get(i)));
		}
		return redriven;
	}

	private Map<Long, Content> read(List<Keyed> letters) {
		Map<Long, Content> contents = new TreeMap<>();
		this.statements.of(READ).param("ids", letters.stream().map(Keyed::id).toArray(Long[]::new)).query((row) -> {
			contents.put(row.getLong("job_id"), new Content(row.getString("name"), row.getString("payload"),
					Values.tags(row.getString("tags")), LimitKey.parse(row.getString("limits"))));
		});
		return contents;
	}

	private static NewJob job(Keyed letter, Map<Long, Content> contents, @Nullable String payload) {
		Content content = Objects.requireNonNull(contents.get(letter.id()));
		return new NewJob(content.name(), letter.lane().queue(), letter.lane().priority(), DueTime.NOW,
				(payload != null) ? payload : content.payload(), letter.headers(), content.tags(), letter.key())
			.withKeys(content.limits())
			.withShare(letter.lane().share());
	}

	/**
	 * Says with a letter that another job took its place.
	 * @param audit who redrives it, and why
	 * @return the same, and that
	 */
	static Audit joined(Audit audit) {
		return new Audit(audit.by(),
				CleanText.storable((audit.why() != null) ? JOINED + "; " + audit.why() : JOINED, MAX_REASON));
	}

	/**
	 * A letter that is locked.
	 *
	 * @param id the id of the job that died
	 * @param lane where the new job goes
	 * @param headers the headers of the new job
	 * @param key the key that it asks for
	 */
	record Keyed(long id, Lane lane, Map<String, String> headers, UniqueKey key) {

		RedrivenLetter redriven(Enqueued enqueued) {
			return new RedrivenLetter(new JobId(this.id), enqueued.id(), this.lane, enqueued.duplicate());
		}

	}

	/**
	 * The rest of a letter.
	 *
	 * @param name the job's name
	 * @param payload its payload
	 * @param tags its tags
	 * @param limits the keys whose permits it needs
	 */
	private record Content(String name, String payload, List<String> tags, List<LimitKey> limits) {
	}

}
