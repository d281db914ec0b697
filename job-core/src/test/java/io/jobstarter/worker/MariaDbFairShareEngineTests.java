package io.jobstarter.worker;

class MariaDbFairShareEngineTests extends FairShareEngineContractTests {

	@Override
	TestDatabase createDatabase() {
		return TestDatabase.mariaDb();
	}

}
