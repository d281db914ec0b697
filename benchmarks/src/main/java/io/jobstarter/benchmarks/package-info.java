/**
 * This engine beside its peers: the program and its plan.
 */
@NullMarked
package io.jobstarter.benchmarks;

import org.jspecify.annotations.NullMarked;
