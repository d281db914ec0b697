package io.jobstarter.worker;

class H2CombinedLimitsEngineTests extends CombinedLimitsEngineContractTests {

	@Override
	TestDatabase createDatabase() {
		return TestDatabase.h2();
	}

}
