/**
 * What is true of the tables whenever a fleet has come to rest, and how it becomes true
 * again.
 */
@NullMarked
package io.jobstarter.faults.invariants;

import org.jspecify.annotations.NullMarked;
