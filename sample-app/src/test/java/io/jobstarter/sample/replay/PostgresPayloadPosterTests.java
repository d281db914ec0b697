package io.jobstarter.sample.replay;

import io.jobstarter.sample.OwnPostgres;
import io.jobstarter.sample.SampleTest;

import org.springframework.test.context.ActiveProfiles;
import org.springframework.test.context.ContextConfiguration;

@SampleTest
@ActiveProfiles("postgres")
@ContextConfiguration(initializers = OwnPostgres.class)
class PostgresPayloadPosterTests extends PayloadPosterContract {

}
