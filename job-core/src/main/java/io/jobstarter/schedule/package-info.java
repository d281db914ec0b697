/**
 * Recurring jobs: when they fire, and what makes sure that each fire happens once.
 */
@NullMarked
package io.jobstarter.schedule;

import org.jspecify.annotations.NullMarked;
