package io.jobstarter.worker;

class MariaDbKeyEngineTests extends KeyEngineContractTests {

	@Override
	TestDatabase createDatabase() {
		return TestDatabase.mariaDb();
	}

}
