/**
 * What Spring Boot 4 has moved: the counterparts of classes of the auto-configuration
 * that are written against Spring Boot 3.5, and are not there for Spring Boot 4.
 */
@NullMarked
package io.jobstarter.boot4;

import org.jspecify.annotations.NullMarked;
