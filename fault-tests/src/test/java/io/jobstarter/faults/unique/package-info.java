/**
 * Races for unique keys.
 */
@NullMarked
package io.jobstarter.faults.unique;

import org.jspecify.annotations.NullMarked;
