/**
 * Nodes whose network is broken in every way that a proxy can break it.
 */
@NullMarked
package io.jobstarter.faults.network;

import org.jspecify.annotations.NullMarked;
