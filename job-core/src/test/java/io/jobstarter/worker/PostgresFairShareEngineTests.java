package io.jobstarter.worker;

class PostgresFairShareEngineTests extends FairShareEngineContractTests {

	@Override
	TestDatabase createDatabase() {
		return TestDatabase.postgres();
	}

}
