package io.jobstarter.benchmarks.engine;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import org.jspecify.annotations.Nullable;

/**
 * No engine but the limit of all: the cheapest statements that store and take the same
 * row. What it takes is deleted in the same transaction, after the bodies: it runs jobs
 * twice after a crash, knows no retry, no lease and nothing that runs.
 */
final class PlainSqlEngine implements Engine {

	private static final int THREADS = 2;

	private static final int BATCH = 500;

	private static final int CHUNK = 5_000;

	private static final String INSERT = """
			insert into plain_job (queue, priority, name, payload, due_at)
			values (?, ?, ?, ?, clock_timestamp())
			""";

	private static final String INSERT_ALL = """
			insert into plain_job (queue, priority, name, payload, due_at)
			select ?, ?, ?, payload, clock_timestamp() from unnest(?) as payloads (payload)
			""";

	private static final String SCHEDULE_ALL = """
			insert into plain_job (queue, priority, name, payload, state, due_at)
			select ?, ?, ?, payload, 1, clock_timestamp() + ? * interval '1 second' from unnest(?) as payloads (payload)
			""";

	private static final String TAKE = """
			delete from plain_job
			where ctid = any (array(
				select ctid from plain_job
				where state = 0 and queue = ? and priority = ? and front = false and seq > ?
				order by seq limit ? for update skip locked))
			returning seq, payload
			""";

	// As an engine would: what was planned while the table was empty reads all of it
	// later.
	private static final String PIN = """
			select set_config('enable_seqscan', 'off', true), set_config('enable_bitmapscan', 'off', true),
				set_config('enable_sort', 'off', true)
			""";

	private static final String PENDING = "select exists (select from plain_job where state = 0)";

	private final ObjectMapper json = new ObjectMapper();

	private final Database database;

	private final List<Thread> threads;

	private volatile boolean running;

	private volatile boolean closed;

	private PlainSqlEngine(Database database, boolean workers) {
		this.database = database;
		this.threads = IntStream.range(0, workers ? THREADS : 0)
			.mapToObj((index) -> new Thread(this::work, "plain-" + index))
			.toList();
		this.threads.forEach(Thread::start);
	}

	static PlainSqlEngine open(EngineSettings settings) {
		Database database = new Database(settings);
		database.createUnlessThere("plain_job", "/io/jobstarter/benchmarks/plain.sql");
		return new PlainSqlEngine(database, settings.workers());
	}

	@Override
	public void enqueue(Work work) {
		try (Connection connection = this.database.dataSource().getConnection();
				PreparedStatement insert = connection.prepareStatement(INSERT)) {
			bind(insert);
			insert.setString(4, write(work));
			insert.executeUpdate();
		}
		catch (SQLException ex) {
			throw new IllegalStateException(ex);
		}
	}

	@Override
	public void enqueueAll(List<Work> work) {
		insertAll(INSERT_ALL, work, null);
	}

	@Override
	public void schedule(List<Work> work, Duration delay) {
		insertAll(SCHEDULE_ALL, work, delay);
	}

	private void insertAll(String statement, List<Work> work, @Nullable Duration delay) {
		try (Connection connection = this.database.dataSource().getConnection();
				PreparedStatement insert = connection.prepareStatement(statement)) {
			connection.setAutoCommit(false);
			for (int from = 0; from < work.size(); from += CHUNK) {
				List<Work> chunk = work.subList(from, Math.min(work.size(), from + CHUNK));
				bind(insert);
				int next = 4;
				if (delay != null) {
					insert.setLong(next++, delay.toSeconds());
				}
				insert.setArray(next, connection.createArrayOf("text", chunk.stream().map(this::write).toArray()));
				insert.executeUpdate();
			}
			connection.commit();
		}
		catch (SQLException ex) {
			throw new IllegalStateException(ex);
		}
	}

	private static void bind(PreparedStatement insert) throws SQLException {
		insert.setString(1, "bench");
		insert.setShort(2, (short) 0);
		insert.setString(3, "work");
	}

	private void work() {
		long bound = -1;
		while (!this.closed) {
			long taken = this.running ? take(bound) : -1;
			// Nothing left above: look from the beginning, for whoever committed late.
			if (taken < 0 && bound < 0) {
				LockSupport.parkNanos(Duration.ofMillis(1).toNanos());
			}
			bound = taken;
		}
	}

	/**
	 * Takes a batch.
	 * @param bound behind which position
	 * @return the highest position taken, or -1 if there was none
	 */
	private long take(long bound) {
		try (Connection connection = this.database.dataSource().getConnection();
				PreparedStatement pin = connection.prepareStatement(PIN);
				PreparedStatement take = connection.prepareStatement(TAKE)) {
			connection.setAutoCommit(false);
			pin.execute();
			take.setString(1, "bench");
			take.setShort(2, (short) 0);
			take.setLong(3, bound);
			take.setInt(4, BATCH);
			List<Work> batch = new ArrayList<>(BATCH);
			long highest = -1;
			try (ResultSet rows = take.executeQuery()) {
				while (rows.next()) {
					highest = Math.max(highest, rows.getLong(1));
					batch.add(read(rows.getString(2)));
				}
			}
			batch.forEach(Tally::ran);
			connection.commit();
			return highest;
		}
		catch (SQLException ex) {
			throw new IllegalStateException(ex);
		}
	}

	private String write(Work work) {
		try {
			return this.json.writeValueAsString(work);
		}
		catch (JsonProcessingException ex) {
			throw new IllegalStateException(ex);
		}
	}

	private Work read(String payload) {
		try {
			return this.json.readValue(payload, Work.class);
		}
		catch (JsonProcessingException ex) {
			throw new IllegalStateException(ex);
		}
	}

	@Override
	public void pause() {
		this.running = false;
	}

	@Override
	public void resume() {
		this.running = true;
	}

	@Override
	public boolean hasPending() {
		return this.database.isTrue(PENDING);
	}

	@Override
	public void close() {
		this.closed = true;
		try {
			for (Thread thread : this.threads) {
				thread.join();
			}
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
		this.database.close();
	}

}
