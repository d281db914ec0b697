/**
 * A steady mixed load for an hour, after which nothing may have grown.
 */
@NullMarked
package io.jobstarter.faults.soak;

import org.jspecify.annotations.NullMarked;
