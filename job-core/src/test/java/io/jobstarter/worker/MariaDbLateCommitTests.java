package io.jobstarter.worker;

class MariaDbLateCommitTests extends LateCommitTests {

	@Override
	TestDatabase database() {
		return TestDatabase.mariaDb();
	}

}
