/**
 * How attempts are observed: the conventions, their documentation, and the log.
 */
@NullMarked
package io.jobstarter.observation;

import org.jspecify.annotations.NullMarked;
