/**
 * Spring Boot auto-configuration of Job Starter.
 */
@NullMarked
package io.jobstarter.autoconfigure;

import org.jspecify.annotations.NullMarked;
