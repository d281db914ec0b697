/**
 * A node whose every move leaves a trace, for tests that break it.
 */
@NullMarked
package io.jobstarter.faults;

import org.jspecify.annotations.NullMarked;
