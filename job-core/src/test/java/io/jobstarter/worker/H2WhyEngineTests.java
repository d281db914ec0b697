package io.jobstarter.worker;

class H2WhyEngineTests extends WhyEngineContractTests {

	@Override
	TestDatabase createDatabase() {
		return TestDatabase.h2();
	}

}
