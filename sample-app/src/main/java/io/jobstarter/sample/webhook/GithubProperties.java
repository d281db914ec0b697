package io.jobstarter.sample.webhook;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.Assert;
import org.springframework.util.unit.DataSize;

/**
 * What we share with GitHub.
 *
 * @param webhookSecret the secret of the webhook's settings page
 * @param maxBody the largest body that is accepted, at most GitHub's own cap of 25 MB
 */
@ConfigurationProperties("sample.github")
public record GithubProperties(String webhookSecret, @DefaultValue("5MB") DataSize maxBody) {

	private static final DataSize GITHUBS_CAP = DataSize.ofMegabytes(25);

	public GithubProperties {
		Assert.hasText(webhookSecret, "sample.github.webhook-secret must not be empty");
		Assert.isTrue(maxBody.toBytes() > 0 && maxBody.compareTo(GITHUBS_CAP) <= 0,
				"sample.github.max-body must be between 1B and 25MB");
	}

	// A record's own toString() would put the secret into the first log line that prints
	// it.
	@Override
	public String toString() {
		return "GithubProperties[webhookSecret=***, maxBody=" + this.maxBody + "]";
	}

}
