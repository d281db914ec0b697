package io.jobstarter.worker;

class MariaDbWhyEngineTests extends WhyEngineContractTests {

	@Override
	TestDatabase createDatabase() {
		return TestDatabase.mariaDb();
	}

}
