package io.jobstarter.worker;

class H2RedriveEngineTests extends RedriveEngineContractTests {

	@Override
	TestDatabase createDatabase() {
		return TestDatabase.h2();
	}

}
