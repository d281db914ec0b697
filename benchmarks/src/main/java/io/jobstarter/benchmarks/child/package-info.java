/**
 * A JVM of its own for each engine, and what it is told to do.
 */
@NullMarked
package io.jobstarter.benchmarks.child;

import org.jspecify.annotations.NullMarked;
