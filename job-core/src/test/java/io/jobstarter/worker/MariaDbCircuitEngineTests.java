package io.jobstarter.worker;

class MariaDbCircuitEngineTests extends CircuitEngineContractTests {

	@Override
	TestDatabase createDatabase() {
		return TestDatabase.mariaDb();
	}

}
