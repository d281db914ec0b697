package io.jobstarter.worker;

class PostgresCircuitEngineTests extends CircuitEngineContractTests {

	@Override
	TestDatabase createDatabase() {
		return TestDatabase.postgres();
	}

}
