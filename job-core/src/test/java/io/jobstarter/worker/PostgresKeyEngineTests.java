package io.jobstarter.worker;

class PostgresKeyEngineTests extends KeyEngineContractTests {

	@Override
	TestDatabase createDatabase() {
		return TestDatabase.postgres();
	}

}
