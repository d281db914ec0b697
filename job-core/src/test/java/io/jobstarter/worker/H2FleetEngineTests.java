package io.jobstarter.worker;

class H2FleetEngineTests extends FleetEngineContractTests {

	@Override
	TestDatabase createDatabase() {
		return TestDatabase.h2();
	}

}
