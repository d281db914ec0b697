package io.jobstarter.store.jdbc;

/**
 * The contract on an H2 that plays PostgreSQL, as many applications' tests have it.
 */
class H2InPostgresModeStoreTests extends H2StoreTests {

	@Override
	String options() {
		return ";MODE=PostgreSQL;DATABASE_TO_LOWER=TRUE;DEFAULT_NULL_ORDERING=HIGH";
	}

}
