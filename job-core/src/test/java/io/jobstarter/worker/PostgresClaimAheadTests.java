package io.jobstarter.worker;

class PostgresClaimAheadTests extends ClaimAheadContractTests {

	@Override
	TestDatabase createDatabase() {
		return TestDatabase.postgres();
	}

}
