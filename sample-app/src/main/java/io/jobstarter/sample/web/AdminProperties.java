package io.jobstarter.sample.web;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Who may change the state of the application.
 *
 * @param adminToken what the header {@code X-Admin-Token} must hold; empty means that
 * nobody may
 */
@ConfigurationProperties("sample")
record AdminProperties(@DefaultValue("") String adminToken) {

	// A record's own toString() would put the token into the first log line that prints
	// it.
	@Override
	public String toString() {
		return "AdminProperties[adminToken=***]";
	}

}
