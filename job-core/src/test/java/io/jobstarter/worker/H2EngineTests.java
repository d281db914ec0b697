package io.jobstarter.worker;

class H2EngineTests extends EngineContractTests {

	@Override
	TestDatabase createDatabase() {
		return TestDatabase.h2();
	}

}
