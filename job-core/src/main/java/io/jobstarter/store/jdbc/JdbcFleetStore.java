package io.jobstarter.store.jdbc;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import io.jobstarter.store.FleetDivision;
import io.jobstarter.store.FleetQueue;
import io.jobstarter.store.FleetQueue.FleetShare;
import io.jobstarter.store.FleetStore;
import io.jobstarter.store.FleetWish;
import io.jobstarter.support.LoggedError;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

import org.springframework.dao.DuplicateKeyException;

/**
 * Divides the slots of queues. Whoever gives a worker more of them has the row of the
 * queue locked, so that no two do so at the same time; what makes them fewer needs only
 * the worker's own row.
 */
final class JdbcFleetStore implements FleetStore {

	private static final Log logger = LogFactory.getLog(JdbcFleetStore.class);

	private static final String LOCK_QUEUE = """
			select worker from background_job_fleet_slots where name = :name and worker = 0
			for update skip locked
			""";

	private static final String HAS_QUEUE = """
			select count(*) from background_job_fleet_slots where name = :name and worker = 0
			""";

	private static final String CHANGE = """
			update background_job_fleet_slots
			set slots = :slots, wanted = :wanted, turn = :turn, declared = :declared,
			    since = case when :restarts then clock_timestamp() else since end
			where name = :name and worker = :worker and turn < :turn
			""";

	private static final String ADD = """
			insert into background_job_fleet_slots (name, worker, slots, turn, wanted, since, declared)
			values (:name, :worker, :slots, :turn, :wanted, clock_timestamp(), :declared)
			""";

	private static final String LOCK_SHARE = """
			select slots from background_job_fleet_slots where name = :name and worker = :worker for update
			""";

	private static final String KEEP = """
			update background_job_fleet_slots set slots = :slots, wanted = :slots
			where name = :name and worker = :worker
			""";

	private static final String GET = """
			update background_job_fleet_slots set slots = slots + :slots
			where name = :name and worker = :worker
			""";

	private static final String LEAVE = """
			delete from background_job_fleet_slots where name = :name and worker = :worker
			""";

	private static final String UNKNOWN = """
			select s.name, s.worker from background_job_fleet_slots s
			where s.worker <> 0 and not exists (select 1 from background_job_worker w where w.id = s.worker)
			order by s.name, s.worker
			""";

	private static final String IS_UNKNOWN = """
			select not exists (select 1 from background_job_worker where id = :worker)
			    and not exists (select 1 from background_job_job where worker = :worker)
			""";

	private final EngineTransactions transactions;

	private final Statements statements;

	private final Reads reads;

	private final Dialect dialect;

	private final FleetRows rows;

	JdbcFleetStore(EngineTransactions transactions, Statements statements, Reads reads, Dialect dialect) {
		this.transactions = transactions;
		this.statements = statements;
		this.reads = reads;
		this.dialect = dialect;
		this.rows = new FleetRows(statements);
	}

	@Override
	public List<FleetQueue> read(Collection<String> names) {
		return names.isEmpty() ? List.of() : this.transactions.execute(() -> this.rows.read(names));
	}

	@Override
	public Optional<FleetQueue> take(FleetWish wish) {
		return this.transactions.execute(() -> lock(wish.name()) ? Optional.of(divide(wish)) : Optional.empty());
	}

	private FleetQueue divide(FleetWish wish) {
		FleetQueue queue = this.rows.read(List.of(wish.name())).get(0);
		FleetShare own = queue.of(wish.worker()).orElse(null);
		if (own != null && own.turn() >= wish.turn()) {
			return queue;
		}
		int slots = FleetDivision.slots(queue, wish);
		write(wish, own, slots);
		return queue.with(new FleetShare(wish.worker(), slots, wish.wanted(), wish.turn(),
				(own != null) ? own.age() : Duration.ZERO, wish.declared()));
	}

	private boolean lock(String name) {
		if (this.statements.of(HAS_QUEUE).param("name", name).query(Integer.class).single() == 0) {
			ensure(name);
		}
		return !this.statements.of(LOCK_QUEUE).param("name", name).query(Long.class).list().isEmpty();
	}

	// On H2 two may both find none.
	private void ensure(String name) {
		try {
			this.statements.of(this.dialect.ensureFleetQueue()).param("name", name).update();
		}
		catch (DuplicateKeyException ex) {
			logger.debug("Another node was quicker", LoggedError.of(ex));
		}
	}

	private void write(FleetWish wish, @Nullable FleetShare own, int slots) {
		boolean restarts = own == null || (own.slots() > 0) != (slots > 0) || (own.wanted() > 0) != (wish.wanted() > 0);
		var statement = this.statements.of((own != null) ? CHANGE : ADD)
			.param("name", wish.name())
			.param("worker", wish.worker())
			.param("slots", slots)
			.param("wanted", wish.wanted())
			.param("turn", wish.turn())
			.param("declared", wish.declared());
		((own != null) ? statement.param("restarts", restarts) : statement).update();
	}

	@Override
	public void move(String name, long from, long to, int kept) {
		this.transactions.execute(() -> {
			int has = slots(name, from).orElse(0);
			if (has > kept) {
				change(KEEP, name, from, kept);
				give(name, to, has - kept);
			}
			return has;
		});
	}

	private Optional<Integer> slots(String name, long worker) {
		return this.statements.of(LOCK_SHARE)
			.param("name", name)
			.param("worker", worker)
			.query(Integer.class)
			.optional();
	}

	private void give(String name, long worker, int slots) {
		if (change(GET, name, worker, slots) == 0) {
			this.statements.of(ADD)
				.param("name", name)
				.param("worker", worker)
				.param("slots", slots)
				.param("wanted", slots)
				.param("turn", 0)
				.param("declared", null)
				.update();
		}
	}

	private int change(String statement, String name, long worker, int slots) {
		return this.statements.of(statement).param("name", name).param("worker", worker).param("slots", slots).update();
	}

	@Override
	public void leave(Collection<String> names, long worker) {
		this.transactions.execute(() -> names.stream().mapToInt((name) -> leave(name, worker)).sum());
	}

	private int leave(String name, long worker) {
		return this.statements.of(LEAVE).param("name", name).param("worker", worker).update();
	}

	@Override
	public int freeUnknown() {
		return this.reads.querySmall(UNKNOWN, Map.of(), Unknown::new)
			.stream()
			.mapToInt((unknown) -> this.transactions.execute(() -> free(unknown)))
			.sum();
	}

	// With its row locked no claim of the worker gets any further, and what it has
	// claimed before is seen.
	private int free(Unknown unknown) {
		Optional<Integer> slots = slots(unknown.name(), unknown.worker());
		boolean free = slots.isPresent()
				&& this.statements.of(IS_UNKNOWN).param("worker", unknown.worker()).query(Boolean.class).single();
		if (free) {
			leave(unknown.name(), unknown.worker());
		}
		return free ? slots.get() : 0;
	}

	/**
	 * A share of a worker without a row.
	 *
	 * @param name the queue
	 * @param worker the worker
	 */
	private record Unknown(String name, long worker) {

		Unknown(ResultSet row, int number) throws SQLException {
			this(row.getString("name"), row.getLong("worker"));
		}

	}

}
