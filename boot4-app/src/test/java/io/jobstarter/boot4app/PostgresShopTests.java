package io.jobstarter.boot4app;

class PostgresShopTests extends ShopContract {

	@Override
	OwnDatabase database() {
		return OwnDatabase.postgres();
	}

}
