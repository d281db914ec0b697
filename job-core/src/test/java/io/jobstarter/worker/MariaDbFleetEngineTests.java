package io.jobstarter.worker;

class MariaDbFleetEngineTests extends FleetEngineContractTests {

	@Override
	TestDatabase createDatabase() {
		return TestDatabase.mariaDb();
	}

}
