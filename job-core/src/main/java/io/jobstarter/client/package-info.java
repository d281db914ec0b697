/**
 * Enqueues jobs, or runs them here and now.
 */
@NullMarked
package io.jobstarter.client;

import org.jspecify.annotations.NullMarked;
