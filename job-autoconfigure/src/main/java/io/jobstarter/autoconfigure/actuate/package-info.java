/**
 * What Actuator shows of background jobs: endpoints, health and meters.
 */
@NullMarked
package io.jobstarter.autoconfigure.actuate;

import org.jspecify.annotations.NullMarked;
