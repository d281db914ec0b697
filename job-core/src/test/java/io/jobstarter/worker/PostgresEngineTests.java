package io.jobstarter.worker;

class PostgresEngineTests extends EngineContractTests {

	@Override
	TestDatabase createDatabase() {
		return TestDatabase.postgres();
	}

}
