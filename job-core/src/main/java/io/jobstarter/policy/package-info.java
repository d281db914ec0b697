/**
 * What becomes of a failure: decisions without input or output.
 */
@NullMarked
package io.jobstarter.policy;

import org.jspecify.annotations.NullMarked;
