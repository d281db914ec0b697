/**
 * Limits and order by keys, on nodes that are killed and stopped.
 */
@NullMarked
package io.jobstarter.faults.keys;

import org.jspecify.annotations.NullMarked;
