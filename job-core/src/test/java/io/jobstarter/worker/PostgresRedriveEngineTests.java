package io.jobstarter.worker;

class PostgresRedriveEngineTests extends RedriveEngineContractTests {

	@Override
	TestDatabase createDatabase() {
		return TestDatabase.postgres();
	}

}
