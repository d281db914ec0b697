package io.jobstarter.worker;

class MariaDbClaimAheadTests extends ClaimAheadContractTests {

	@Override
	TestDatabase createDatabase() {
		return TestDatabase.mariaDb();
	}

}
