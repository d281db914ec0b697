package io.jobstarter.worker;

class MariaDbEngineTests extends EngineContractTests {

	@Override
	TestDatabase createDatabase() {
		return TestDatabase.mariaDb();
	}

}
