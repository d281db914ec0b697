/**
 * Recurring jobs whose nodes are struck at each fire.
 */
@NullMarked
package io.jobstarter.faults.fires;

import org.jspecify.annotations.NullMarked;
