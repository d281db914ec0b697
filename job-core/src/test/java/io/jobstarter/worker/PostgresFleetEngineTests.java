package io.jobstarter.worker;

class PostgresFleetEngineTests extends FleetEngineContractTests {

	@Override
	TestDatabase createDatabase() {
		return TestDatabase.postgres();
	}

}
