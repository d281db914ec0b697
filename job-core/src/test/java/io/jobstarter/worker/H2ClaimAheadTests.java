package io.jobstarter.worker;

class H2ClaimAheadTests extends ClaimAheadContractTests {

	@Override
	TestDatabase createDatabase() {
		return TestDatabase.h2();
	}

}
