package io.jobstarter.store.jdbc;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

import javax.sql.DataSource;

import io.jobstarter.store.BreakerStore;
import io.jobstarter.store.CallbackStore;
import io.jobstarter.store.ClaimStore;
import io.jobstarter.store.DatabaseWatch;
import io.jobstarter.store.DueWatch;
import io.jobstarter.store.EnqueueStore;
import io.jobstarter.store.FleetStore;
import io.jobstarter.store.HistoryDays;
import io.jobstarter.store.KeyStore;
import io.jobstarter.store.MaintenanceStore;
import io.jobstarter.store.MetricsStore;
import io.jobstarter.store.OperationsStore;
import io.jobstarter.store.RatePacer;
import io.jobstarter.store.RateStore;
import io.jobstarter.store.RecurringSteps;
import io.jobstarter.store.RecurringStore;
import io.jobstarter.store.RedriveSteps;
import io.jobstarter.store.WakeUp;
import io.jobstarter.store.WorkerStore;
import io.jobstarter.store.jdbc.JdbcOperationsStore.Signals;
import org.jspecify.annotations.Nullable;

/**
 * The stores of one installation: one set of tables in one database.
 */
public final class JdbcStores {

	private final DatabaseProduct product;

	private final Dialect dialect;

	private final EnqueueStore enqueueStore;

	private final ClaimStore claimStore;

	private final RateStore rateStore;

	private final RatePacer ratePacer;

	private final BreakerStore breakerStore;

	private final FleetStore fleetStore;

	private final WorkerStore workerStore;

	private final MaintenanceStore maintenanceStore;

	private final KeyStore keyStore;

	private final CallbackStore callbackStore;

	private final OperationsStore operationsStore;

	private final MetricsStore metricsStore;

	private final @Nullable DatabaseWatch databaseWatch;

	private final RedriveSteps redriveSteps;

	private final RecurringStore recurringStore;

	private final RecurringSteps recurringSteps;

	private final Schema schema;

	private final Supplier<Set<String>> pausedQueues;

	private final @Nullable HistoryDays historyDays;

	private final DueWatch due;

	private final @Nullable PostgresNotifier notifier;

	private JdbcStores(DatabaseProduct product, Dialect dialect, Application application, Engine engine) {
		this.product = product;
		this.dialect = dialect;
		JdbcEnqueueStore enqueue = application.enqueueStore(dialect);
		this.enqueueStore = enqueue;
		KeyPermits permits = engine.permits();
		this.breakerStore = new JdbcBreakerStore(engine.transactions(), engine.statements(), engine.reads(), dialect,
				permits);
		this.fleetStore = new JdbcFleetStore(engine.transactions(), engine.statements(), engine.reads(), dialect);
		ReleasedLanes released = permits.released();
		Signal limitSignal = new Signal();
		Settler settler = new Settler(engine.transactions(), engine.statements(), engine.successes(), dialect, permits,
				released);
		this.claimStore = new JdbcClaimStore(engine.claims(), settler,
				new CallersCompletion(application.transaction(), application.statements(), application.savepoints(),
						dialect, application.permits(enqueue, dialect), released, limitSignal),
				engine.transactions(), engine.statements(), engine.reads(), this.breakerStore, released,
				permits.rates());
		this.rateStore = new JdbcRateStore(engine.claims(), engine.transactions(), engine.statements(), dialect,
				permits.rates());
		this.ratePacer = new JdbcRatePacer(engine.transactions(), engine.statements(), engine.reads(), dialect,
				permits.rates());
		this.workerStore = new JdbcWorkerStore(engine.transactions(), engine.statements(), dialect, heartbeat(engine));
		this.maintenanceStore = new JdbcMaintenanceStore(engine.transactions(), engine.statements(), engine.reads(),
				dialect, engine.due(), permits);
		this.keyStore = new JdbcKeyStore(engine.transactions(), engine.statements(), engine.reads(), dialect,
				permits.rows(), limitSignal);
		Signal redriveSignal = new Signal();
		this.callbackStore = new JdbcCallbackStore(engine.transactions(), engine.statements());
		this.operationsStore = new JdbcOperationsStore(application.transaction(), application.statements(),
				application.savepoints(), this.enqueueStore, dialect, new Signals(redriveSignal, limitSignal),
				engine.reads());
		EnqueueStore engineEnqueue = engine.asCaller().enqueueStore(dialect);
		this.redriveSteps = new JdbcRedriveSteps(engine.transactions(), engine.statements(), engine.reads(),
				engineEnqueue, dialect, redriveSignal);
		Signal recurringSignal = new Signal();
		this.recurringStore = new JdbcRecurringStore(application.transaction(),
				new RecurringRows(application.statements(), dialect), this.enqueueStore, recurringSignal);
		this.recurringSteps = recurringSteps(dialect, engine, engineEnqueue, recurringSignal);
		this.metricsStore = new JdbcMetricsStore(engine.reads(), dialect,
				() -> settler.withoutHistory() + application.savepoints().failures());
		this.databaseWatch = dialect.watch(engine.reads(), engine.statements().text().prefix());
		this.schema = new Schema(engine.transactions(), engine.statements(), dialect);
		this.pausedQueues = () -> engine.transactions().execute(() -> QueueQueries.paused(engine.statements()));
		this.historyDays = (dialect instanceof PostgresDialect)
				? new PostgresHistoryDays(engine.transactions(), engine.statements()) : null;
		this.due = engine.due();
		this.notifier = notifier(engine);
	}

	// The engine's own transaction takes the place of a caller's.
	private static RecurringSteps recurringSteps(Dialect dialect, Engine engine, EnqueueStore enqueue, Signal signal) {
		Application caller = engine.asCaller();
		return new JdbcRecurringSteps(engine.transactions(), new RecurringRows(engine.statements(), dialect),
				engine.reads(), enqueue, new JdbcOperationsStore(caller.transaction(), caller.statements(),
						caller.savepoints(), enqueue, dialect, new Signals(new Signal(), new Signal()), engine.reads()),
				signal);
	}

	private static @Nullable PostgresHeartbeat heartbeat(Engine engine) {
		PostgresRoundTrip roundTrip = engine.roundTrip();
		return (roundTrip != null) ? new PostgresHeartbeat(engine.transactions(), roundTrip) : null;
	}

	private static @Nullable PostgresNotifier notifier(Engine engine) {
		PostgresRoundTrip roundTrip = engine.roundTrip();
		return (roundTrip != null)
				? new PostgresNotifier(engine.transactions(), engine.statements(), roundTrip, PostgresNotifier.PACE)
				: null;
	}

	/**
	 * Makes the stores. Connects to find out which database it is; the tables need not be
	 * there yet.
	 * @param application where the application's transactions run: jobs are enqueued, and
	 * operators act, in the transaction of the calling thread
	 * @param engine where the engine's own short transactions run, in the same database;
	 * may be the same data source
	 * @param tablePrefix what the names of the tables start with,
	 * {@code [a-z_][a-z0-9_]{0,40}}
	 * @return the stores
	 * @throws UnsupportedDatabaseException if it is neither PostgreSQL nor H2 nor
	 * MariaDB, or too old
	 * @throws IllegalArgumentException if the prefix cannot be one
	 */
	public static JdbcStores create(DataSource application, DataSource engine, String tablePrefix) {
		return of(DatabaseProduct.of(application), application, engine, tablePrefix);
	}

	/**
	 * Makes the stores of a database that is not there, by what its URL tells. Does not
	 * connect. Before they are used, {@link #verify} has to be called.
	 * @param application as for {@link #create}
	 * @param engine as for {@link #create}
	 * @param tablePrefix as for {@link #create}
	 * @param url the URL of JDBC that both lead to
	 * @return the stores, or empty if the URL does not tell which database it is
	 */
	public static Optional<JdbcStores> createUnseen(DataSource application, DataSource engine, String tablePrefix,
			String url) {
		return DatabaseProduct.ofUrl(url).map((product) -> of(product, application, engine, tablePrefix));
	}

	private static JdbcStores of(DatabaseProduct product, DataSource application, DataSource engine, String prefix) {
		return switch (product) {
			case POSTGRESQL -> postgres(application, engine, prefix);
			case H2 -> h2(application, engine, prefix);
			case MARIADB -> mariaDb(application, engine, prefix);
		};
	}

	/**
	 * Looks whether a database is the one that these stores were made for. Connects.
	 * @param dataSource the database
	 * @throws UnsupportedDatabaseException if it is another one, or too old
	 */
	public void verify(DataSource dataSource) {
		DatabaseProduct found = DatabaseProduct.of(dataSource);
		if (found != this.product) {
			throw new UnsupportedDatabaseException(found.toString(),
					"the URL of the data source says that it is " + this.product);
		}
	}

	private static JdbcStores postgres(DataSource application, DataSource engine, String prefix) {
		PostgresDialect dialect = new PostgresDialect();
		SqlText text = new SqlText(prefix, dialect::translate);
		EngineTransactions transactions = EngineTransactions.postgres(engine);
		PostgresRoundTrip roundTrip = new PostgresRoundTrip(engine, text);
		DueWatch due = new DueWatch();
		Statements statements = Statements.on(engine, text);
		KeyPermits permits = new KeyPermits(new PostgresKeyRows(statements, dialect, roundTrip), statements, dialect);
		return new JdbcStores(DatabaseProduct.POSTGRESQL, dialect,
				Application.of(application, Statements.on(application, text)),
				new Engine(transactions, statements, new PostgresClaims(transactions, roundTrip, due, permits),
						new PostgresSuccesses(roundTrip), new PostgresReads(transactions, roundTrip), due, roundTrip,
						permits, Application.of(engine, statements)));
	}

	private static JdbcStores h2(DataSource application, DataSource engine, String prefix) {
		H2Dialect dialect = new H2Dialect();
		SqlText text = new SqlText(prefix, dialect::translate);
		EngineTransactions transactions = EngineTransactions.h2(engine);
		Statements statements = Statements.onH2(engine, text);
		KeyPermits permits = KeyPermits.of(statements, dialect);
		return new JdbcStores(DatabaseProduct.H2, dialect,
				Application.of(application, Statements.onH2(application, text)),
				new Engine(transactions, statements, new H2Claims(transactions, statements, permits), new Successes(),
						new TransactionalReads(transactions, statements), new DueWatch(), null, permits,
						Application.of(engine, statements)));
	}

	private static JdbcStores mariaDb(DataSource application, DataSource engine, String prefix) {
		MariaDbDialect dialect = new MariaDbDialect();
		SqlText text = new SqlText(prefix, dialect::translate);
		SqlText bounded = new SqlText(prefix,
				(statement) -> EngineTransactions.MARIADB_BOUNDS + dialect.translate(statement));
		EngineTransactions transactions = EngineTransactions.mariaDb(engine);
		Statements statements = Statements.onMariaDb(engine, bounded);
		KeyPermits permits = KeyPermits.of(statements, dialect);
		return new JdbcStores(DatabaseProduct.MARIADB, dialect,
				Application.of(application, Statements.onMariaDb(application, text)),
				new Engine(transactions, statements, new MariaDbClaims(transactions, statements, permits),
						new Successes(), new TransactionalReads(transactions, statements), new DueWatch(), null,
						permits, Application.of(engine, statements)));
	}

	public EnqueueStore enqueueStore() {
		return this.enqueueStore;
	}

	public ClaimStore claimStore() {
		return this.claimStore;
	}

	public BreakerStore breakerStore() {
		return this.breakerStore;
	}

	/**
	 * What divides the slots of queues that are bounded over all nodes.
	 * @return the store
	 */
	public FleetStore fleetStore() {
		return this.fleetStore;
	}

	public WorkerStore workerStore() {
		return this.workerStore;
	}

	public KeyStore keyStore() {
		return this.keyStore;
	}

	public MaintenanceStore maintenanceStore() {
		return this.maintenanceStore;
	}

	/**
	 * What was seen of the next scheduled job by whoever looked. It wants to hear what is
	 * scheduled, and whether other nodes say so.
	 * @return what is shared within the node
	 */
	public DueWatch dueWatch() {
		return this.due;
	}

	public RatePacer ratePacer() {
		return this.ratePacer;
	}

	public RateStore rateStore() {
		return this.rateStore;
	}

	public CallbackStore callbackStore() {
		return this.callbackStore;
	}

	public OperationsStore operationsStore() {
		return this.operationsStore;
	}

	public MetricsStore metricsStore() {
		return this.metricsStore;
	}

	/**
	 * What the database says of the tables.
	 * @return what looks, or empty where there is nothing to see
	 */
	public Optional<DatabaseWatch> databaseWatch() {
		return Optional.ofNullable(this.databaseWatch);
	}

	public RedriveSteps redriveSteps() {
		return this.redriveSteps;
	}

	public RecurringStore recurringStore() {
		return this.recurringStore;
	}

	public RecurringSteps recurringSteps() {
		return this.recurringSteps;
	}

	/**
	 * The history as tables of one day each.
	 * @return its days, or empty where it is one table
	 */
	public Optional<HistoryDays> historyDays() {
		return Optional.ofNullable(this.historyDays);
	}

	/**
	 * Where the migrations of this database are. They use the placeholder {@code prefix}.
	 * @return the location, as Flyway names it
	 */
	public String migrationLocation() {
		return this.dialect.migrationLocation();
	}

	/**
	 * Tells whether a migration that was left half-way is completed by running it again.
	 * @return whether it is; elsewhere nothing is left half-way, or somebody has to look
	 */
	public boolean migrationIsRepeatable() {
		return this.dialect.migrationIsRepeatable();
	}

	/**
	 * Looks for the tables and columns that the stores need.
	 * @return the names of those that lack; empty if the schema is complete
	 */
	public List<String> missingSchema() {
		return this.schema.missing();
	}

	/**
	 * Lists the queues that are paused, on a connection of the engine and without
	 * counting what they hold.
	 * @return their names
	 */
	public Set<String> pausedQueues() {
		return this.pausedQueues.get();
	}

	/**
	 * What tells other nodes of new jobs. It is to be started and stopped.
	 * @return the notifier of these stores, or empty where the database has no NOTIFY
	 */
	public Optional<PostgresNotifier> notifier() {
		return Optional.ofNullable(this.notifier);
	}

	/**
	 * Makes what hears of new jobs from other nodes. It is to be started and stopped.
	 * @param direct where the listener gets a connection that it keeps: not through a
	 * pooler that shares connections between transactions
	 * @param local the worker of this node
	 * @return the listener, or empty where the database has no LISTEN
	 */
	public Optional<PostgresListener> listener(DataSource direct, WakeUp local) {
		return notifier()
			.map((notifier) -> new PostgresListener(direct, notifier, local, PostgresListener.Patience.DEFAULT));
	}

	/**
	 * What runs in the application's transactions.
	 *
	 * @param transaction the transaction of the calling thread
	 * @param statements its statements
	 * @param savepoints its savepoints
	 */
	private record Application(CallersTransaction transaction, Statements statements, Savepoints savepoints) {

		static Application of(DataSource dataSource, Statements statements) {
			return new Application(new CallersTransaction(dataSource), statements, new Savepoints(dataSource));
		}

		KeyPermits permits(JdbcEnqueueStore store, Dialect dialect) {
			return KeyPermits.ofCallers(store, this.statements, dialect);
		}

		JdbcEnqueueStore enqueueStore(Dialect dialect) {
			if (dialect instanceof MariaDbDialect mariaDb) {
				return new MariaDbEnqueueStore(this.transaction, this.statements, this.savepoints, mariaDb);
			}
			return (dialect instanceof PostgresDialect postgres)
					? new PostgresEnqueueStore(this.transaction, this.statements, this.savepoints, postgres)
					: new H2EnqueueStore(this.transaction, this.statements, this.savepoints, (H2Dialect) dialect);
		}

	}

	/**
	 * What runs in the engine's transactions.
	 *
	 * @param transactions the transactions
	 * @param statements their statements
	 * @param claims how jobs are claimed
	 * @param successes how jobs that succeeded are settled
	 * @param reads how it is asked whether there is anything to do
	 * @param due what is known of the next scheduled job
	 * @param roundTrip what saves round trips, or {@code null} where there is nothing to
	 * save
	 * @param permits gives the permits of keys
	 * @param asCaller where what otherwise joins a caller's transaction joins an engine's
	 */
	private record Engine(EngineTransactions transactions, Statements statements, Claims claims, Successes successes,
			Reads reads, DueWatch due, @Nullable PostgresRoundTrip roundTrip, KeyPermits permits,
			Application asCaller) {
	}

}
