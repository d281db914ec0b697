package io.jobstarter.worker;

class H2KeyEngineTests extends KeyEngineContractTests {

	@Override
	TestDatabase createDatabase() {
		return TestDatabase.h2();
	}

}
