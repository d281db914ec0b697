/**
 * One runner of periodic duties, one class each.
 */
@NullMarked
package io.jobstarter.maintenance;

import org.jspecify.annotations.NullMarked;
