package io.jobstarter;

/**
 * What went wrong, as it is stored: free of NUL and lone surrogates, and bounded.
 *
 * @param errorClass the exception's class name
 * @param message its message, at most 65,536 characters
 * @param stackTrace its stack trace, causes included, at most 65,536 characters
 */
public record JobFailure(String errorClass, String message, String stackTrace) {
}
