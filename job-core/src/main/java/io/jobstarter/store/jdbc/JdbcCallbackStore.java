package io.jobstarter.store.jdbc;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;

import io.jobstarter.JobId;
import io.jobstarter.store.CallbackStore;

import org.springframework.jdbc.core.simple.JdbcClient.StatementSpec;

/**
 * Whose handlers are to be told, in the row of the dead letter.
 */
final class JdbcCallbackStore implements CallbackStore {

	private static final String DUE = """
			select job_id from background_job_dead_letter
			where name = any (cast(:names as varchar array)) and callback_due <= (select clock_timestamp())
			  and retried_at is null
			order by callback_due fetch first :limit rows only
			""";

	// One by one and by the key: a sorted statement would lock whatever it meets on some
	// databases.
	private static final String LOCK = """
			select callback_tries from background_job_dead_letter
			where job_id = :id and callback_due <= clock_timestamp() and retried_at is null
			for update skip locked
			""";

	private static final String TAKE = """
			update background_job_dead_letter
			set callback_due = clock_timestamp() + cast(:lease as bigint) * interval '0.000001' second,
			    callback_tries = callback_tries + 1, callback_token = :token
			where job_id = :id
			""";

	private static final String DONE = """
			update background_job_dead_letter
			set callback_due = null, callback_ended_at = clock_timestamp(), callback_error = null
			where job_id = :id and callback_token = :token and callback_ended_at is null
			""";

	private static final String RETRY = """
			update background_job_dead_letter
			set callback_due = clock_timestamp() + cast(:wait as bigint) * interval '0.000001' second,
			    callback_error = :error
			where job_id = :id and callback_token = :token and callback_due is not null
			""";

	private static final String GIVE_UP = """
			update background_job_dead_letter
			set callback_due = null, callback_ended_at = clock_timestamp(), callback_error = :error
			where job_id = :id and callback_token = :token and callback_due is not null
			""";

	private static final String RELEASE = """
			update background_job_dead_letter
			set callback_due = clock_timestamp(), callback_tries = callback_tries - 1
			where job_id = :id and callback_token = :token and callback_due is not null
			""";

	private final EngineTransactions transactions;

	private final Statements statements;

	private final DeadLetterQueries letters;

	JdbcCallbackStore(EngineTransactions transactions, Statements statements) {
		this.transactions = transactions;
		this.statements = statements;
		this.letters = new DeadLetterQueries(statements);
	}

	@Override
	public List<ClaimedCallback> claim(Set<String> names, Duration lease, int limit) {
		long token = ThreadLocalRandom.current().nextLong();
		return this.transactions.execute(() -> {
			List<ClaimedCallback> claimed = new ArrayList<>();
			for (long id : due(names, limit)) {
				claim(id, lease, token).ifPresent(claimed::add);
			}
			return claimed;
		});
	}

	private List<Long> due(Set<String> names, int limit) {
		return this.statements.of(DUE)
			.param("names", names.toArray(String[]::new))
			.param("limit", limit)
			.query(Long.class)
			.list();
	}

	private Optional<ClaimedCallback> claim(long id, Duration lease, long token) {
		Optional<Integer> tries = this.statements.of(LOCK).param("id", id).query(Integer.class).optional();
		if (tries.isEmpty()) {
			return Optional.empty();
		}
		this.statements.of(TAKE).param("id", id).param("lease", Values.micros(lease)).param("token", token).update();
		return this.letters.find(new JobId(id)).map((letter) -> new ClaimedCallback(letter, token, tries.get() + 1));
	}

	@Override
	public void done(ClaimedCallback callback) {
		write(callback, this.statements.of(DONE));
	}

	@Override
	public void retry(ClaimedCallback callback, String error, Duration wait) {
		write(callback, this.statements.of(RETRY).param("error", error).param("wait", Values.micros(wait)));
	}

	@Override
	public void giveUp(ClaimedCallback callback, String error) {
		write(callback, this.statements.of(GIVE_UP).param("error", error));
	}

	@Override
	public void release(ClaimedCallback callback) {
		write(callback, this.statements.of(RELEASE));
	}

	private void write(ClaimedCallback callback, StatementSpec statement) {
		StatementSpec ready = statement.param("id", callback.letter().id().value()).param("token", callback.token());
		this.transactions.execute(ready::update);
	}

}
