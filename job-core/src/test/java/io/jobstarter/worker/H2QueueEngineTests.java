package io.jobstarter.worker;

class H2QueueEngineTests extends QueueEngineContractTests {

	@Override
	TestDatabase createDatabase() {
		return TestDatabase.h2();
	}

}
