package io.jobstarter.sample;

import org.springframework.test.context.ActiveProfiles;
import org.springframework.test.context.ContextConfiguration;

@SampleTest
@ActiveProfiles("postgres")
@ContextConfiguration(initializers = OwnPostgres.class)
class PostgresDeliveryTests extends DeliveryContract {

}
