package io.jobstarter.boot4app;

class H2ShopTests extends ShopContract {

	@Override
	OwnDatabase database() {
		return OwnDatabase.h2();
	}

}
