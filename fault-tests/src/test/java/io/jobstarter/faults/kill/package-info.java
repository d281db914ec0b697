/**
 * Fleets whose nodes are killed all the time.
 */
@NullMarked
package io.jobstarter.faults.kill;

import org.jspecify.annotations.NullMarked;
