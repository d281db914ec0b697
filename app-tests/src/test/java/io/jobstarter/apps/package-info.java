/**
 * Applications as users have them, with the starter added.
 */
@NullMarked
package io.jobstarter.apps;

import org.jspecify.annotations.NullMarked;
