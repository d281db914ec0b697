package io.jobstarter.sample.notification;

import java.net.URI;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.ConfigurationProperties;

/**
 * Whom we notify.
 *
 * @param baseUrl the downstream system's address, to which {@code /notifications} is
 * added; without one, the stand-in that the application brings along
 */
@ConfigurationProperties("sample.downstream")
record DownstreamProperties(@Nullable URI baseUrl) {
}
