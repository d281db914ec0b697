package io.jobstarter.worker;

class PostgresWhyEngineTests extends WhyEngineContractTests {

	@Override
	TestDatabase createDatabase() {
		return TestDatabase.postgres();
	}

}
