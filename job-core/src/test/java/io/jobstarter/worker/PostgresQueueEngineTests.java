package io.jobstarter.worker;

class PostgresQueueEngineTests extends QueueEngineContractTests {

	@Override
	TestDatabase createDatabase() {
		return TestDatabase.postgres();
	}

}
