/**
 * What was measured: kept, summed up and shown.
 */
@NullMarked
package io.jobstarter.benchmarks.report;

import org.jspecify.annotations.NullMarked;
