/**
 * One attempt: interceptors, then the handler, then what its end means.
 */
@NullMarked
package io.jobstarter.execution;

import org.jspecify.annotations.NullMarked;
