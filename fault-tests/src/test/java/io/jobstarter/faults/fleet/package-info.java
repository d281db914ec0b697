/**
 * Nodes as processes, the databases and the network that they work on, and what can be
 * done to them.
 */
@NullMarked
package io.jobstarter.faults.fleet;

import org.jspecify.annotations.NullMarked;
