package io.jobstarter.store.jdbc;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

import io.jobstarter.DeadLetterNote;
import io.jobstarter.JobId;
import org.jspecify.annotations.Nullable;

/**
 * What people write to dead letters.
 */
final class DeadLetterNotes {

	private static final String ADD = """
			insert into background_job_dead_letter_note (job_id, written_at, author, text)
			select d.job_id, clock_timestamp(), cast(:author as varchar), cast(:text as varchar)
			from background_job_dead_letter d where d.job_id = :id
			""";

	private static final String LATEST = """
			select written_at, author, text from background_job_dead_letter_note where job_id = :id
			order by id desc fetch first :limit rows only
			""";

	private final Statements statements;

	DeadLetterNotes(Statements statements) {
		this.statements = statements;
	}

	boolean add(JobId id, @Nullable String author, String text) {
		return this.statements.of(ADD)
			.param("id", id.value())
			.param("author", author)
			.param("text", text)
			.update() == 1;
	}

	List<DeadLetterNote> find(JobId id, int limit) {
		List<DeadLetterNote> notes = new ArrayList<>(this.statements.of(LATEST)
			.param("id", id.value())
			.param("limit", limit)
			.query((row, number) -> new DeadLetterNote(Values.instant(row, "written_at"), row.getString("author"),
					row.getString("text")))
			.list());
		Collections.reverse(notes);
		return notes;
	}

}
