package io.jobstarter.autoconfigure.actuate;

import org.springframework.boot.actuate.endpoint.OperationResponseBody;

/**
 * Why a request was refused.
 *
 * @param error why, as a sentence
 */
public record ProblemView(String error) implements OperationResponseBody {
}
