package io.jobstarter.store.jdbc;

import java.util.Collection;
import java.util.List;
import java.util.Set;

/**
 * The rows of {@code unique_key}. Each is found by its primary key, so that only the row
 * is locked and never the gap beside it, at any isolation.
 */
final class MariaDbUniqueKeys extends UniqueKeys {

	private static final String LOCK = """
			select unique_key from background_job_unique_key force index (primary)
			where unique_key in (:keys)
			for update skip locked
			""";

	private static final String FREE = """
			delete k from json_table(:rows.keys, '$[*]' columns (
			    unique_key varchar(64) character set ascii path '$[0]')) f
			straight_join background_job_unique_key k force index (primary)
			  on k.unique_key = f.unique_key collate ascii_bin
			""";

	private static final String KEY_OF_JOB = """
			select unique_key from background_job_job force index (primary)
			where id = :id and worker = :worker and claim = :claim and unique_key is not null
			for update
			""";

	private final Statements statements;

	MariaDbUniqueKeys(Statements statements) {
		this.statements = statements;
	}

	@Override
	Set<String> lock(Collection<String> keys) {
		if (keys.isEmpty()) {
			return Set.of();
		}
		return Set.copyOf(this.statements.of(LOCK).param("keys", List.copyOf(keys)).query(String.class).list());
	}

	@Override
	void free(Collection<String> keys) {
		if (!keys.isEmpty()) {
			this.statements.of(FREE).param("keys", keys.toArray(String[]::new)).update();
		}
	}

	@Override
	void freeOf(long id, long worker, long claim) {
		free(this.statements.of(KEY_OF_JOB)
			.param("id", id)
			.param("worker", worker)
			.param("claim", claim)
			.query(String.class)
			.list());
	}

}
