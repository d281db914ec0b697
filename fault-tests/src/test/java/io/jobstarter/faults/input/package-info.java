/**
 * What others write, and what must not come of it.
 */
@NullMarked
package io.jobstarter.faults.input;

import org.jspecify.annotations.NullMarked;
