package io.jobstarter.worker;

class MariaDbRedriveEngineTests extends RedriveEngineContractTests {

	@Override
	TestDatabase createDatabase() {
		return TestDatabase.mariaDb();
	}

}
