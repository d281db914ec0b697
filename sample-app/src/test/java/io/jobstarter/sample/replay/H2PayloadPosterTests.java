package io.jobstarter.sample.replay;

import io.jobstarter.sample.OwnH2;
import io.jobstarter.sample.SampleTest;

import org.springframework.test.context.ContextConfiguration;

@SampleTest
@ContextConfiguration(initializers = OwnH2.class)
class H2PayloadPosterTests extends PayloadPosterContract {

}
