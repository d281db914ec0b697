/**
 * What is measured.
 */
@NullMarked
package io.jobstarter.benchmarks.suite;

import org.jspecify.annotations.NullMarked;
