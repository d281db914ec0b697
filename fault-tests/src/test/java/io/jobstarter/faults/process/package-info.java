/**
 * What can happen to a node's own process, its threads, its clock and its jobs.
 */
@NullMarked
package io.jobstarter.faults.process;

import org.jspecify.annotations.NullMarked;
