package io.jobstarter.sample;

import org.springframework.test.context.ContextConfiguration;

@SampleTest
@ContextConfiguration(initializers = OwnH2.class)
class H2DeliveryTests extends DeliveryContract {

}
