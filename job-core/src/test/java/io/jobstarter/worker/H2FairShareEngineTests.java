package io.jobstarter.worker;

class H2FairShareEngineTests extends FairShareEngineContractTests {

	@Override
	TestDatabase createDatabase() {
		return TestDatabase.h2();
	}

}
