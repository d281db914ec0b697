/**
 * A disk that is full.
 */
@NullMarked
package io.jobstarter.faults.disk;

import org.jspecify.annotations.NullMarked;
