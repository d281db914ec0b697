package io.jobstarter.worker;

class H2CircuitEngineTests extends CircuitEngineContractTests {

	@Override
	TestDatabase createDatabase() {
		return TestDatabase.h2();
	}

}
