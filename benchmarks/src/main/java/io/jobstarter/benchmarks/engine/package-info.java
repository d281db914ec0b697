/**
 * The engines that are compared, each behind one interface.
 */
@NullMarked
package io.jobstarter.benchmarks.engine;

import org.jspecify.annotations.NullMarked;
