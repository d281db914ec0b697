/**
 * Finds the handlers of an application and turns payloads into text and back.
 */
@NullMarked
package io.jobstarter.handler;

import org.jspecify.annotations.NullMarked;
