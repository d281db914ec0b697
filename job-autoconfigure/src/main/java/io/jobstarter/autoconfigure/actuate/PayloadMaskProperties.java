package io.jobstarter.autoconfigure.actuate;

import java.util.Set;

import org.springframework.boot.actuate.endpoint.Show;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Settings of what endpoints show of jobs.
 *
 * @param showPayloads to whom endpoints show payloads and header values of jobs; what is
 * sensitive in them is shown to nobody
 * @param showErrors to whom endpoints show messages of errors; others see the classes and
 * where in the code they were thrown
 * @param roles roles whose members count as authorized, for 'when-authorized'; empty
 * means every authenticated user
 */
@ConfigurationProperties("background-jobs.actuator")
public record PayloadMaskProperties(@DefaultValue("never") Show showPayloads,
		@DefaultValue("when-authorized") Show showErrors, @DefaultValue Set<String> roles) {
}
