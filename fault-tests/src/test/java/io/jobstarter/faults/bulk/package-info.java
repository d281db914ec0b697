/**
 * Everything that changes many rows at once, by several nodes at the same time.
 */
@NullMarked
package io.jobstarter.faults.bulk;

import org.jspecify.annotations.NullMarked;
