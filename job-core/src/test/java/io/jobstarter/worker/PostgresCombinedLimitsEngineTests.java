package io.jobstarter.worker;

class PostgresCombinedLimitsEngineTests extends CombinedLimitsEngineContractTests {

	@Override
	TestDatabase createDatabase() {
		return TestDatabase.postgres();
	}

}
