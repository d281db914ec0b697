package io.jobstarter.worker;

import io.jobstarter.testdatabases.PgBouncer;
import org.junit.jupiter.api.BeforeAll;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

/**
 * The contract on PostgreSQL behind PgBouncer in transaction mode.
 */
class PgBouncerEngineTests extends EngineContractTests {

	@BeforeAll
	static void isInstalled() {
		assumeTrue(PgBouncer.isAvailable(), "PgBouncer is not installed");
	}

	@Override
	TestDatabase createDatabase() {
		return TestDatabase.behind(PgBouncer.shared());
	}

}
