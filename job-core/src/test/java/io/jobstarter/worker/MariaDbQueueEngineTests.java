package io.jobstarter.worker;

class MariaDbQueueEngineTests extends QueueEngineContractTests {

	@Override
	TestDatabase createDatabase() {
		return TestDatabase.mariaDb();
	}

}
