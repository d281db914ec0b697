/**
 * A shop, as small as can be, on Spring Boot 4.
 */
@NullMarked
package io.jobstarter.boot4app;

import org.jspecify.annotations.NullMarked;
