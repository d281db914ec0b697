package io.jobstarter.store.jdbc;

import javax.sql.DataSource;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;

/**
 * What every database must do. A subclass supplies the {@link DataSource}.
 */
@Timeout(60)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class StoreContractTests
		implements EnqueueContract, UniqueKeyContract, UniqueConflictContract, ClaimContract, SettleContract,
		SettleTogetherContract, LeaseContract, RecoveryContract, MaintenanceContract, OperationsContract,
		DeadLetterContract, RedriveContract, QueryContract, BreakerContract, WhyContract, MetricsContract,
		RecurringContract, KeyContract, RateContract, KeyRateContract, FleetContract, FairShareContract {

	private StoreFixture fixture;

	/**
	 * Opens an empty database.
	 * @return a pool of at least 70 connections
	 */
	abstract DataSource open();

	abstract void close();

	String prefix() {
		return "background_job_";
	}

	@BeforeAll
	void createTables() {
		this.fixture = new StoreFixture(open(), prefix());
	}

	@BeforeEach
	void emptyTables() {
		this.fixture.clear();
	}

	@AfterAll
	void closeDatabase() {
		close();
	}

	@Override
	public StoreFixture fixture() {
		return this.fixture;
	}

}
