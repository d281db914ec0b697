/**
 * A shop on Spring MVC and JPA, with its tests as its team writes them.
 */
@NullMarked
package io.jobstarter.shop;

import org.jspecify.annotations.NullMarked;
