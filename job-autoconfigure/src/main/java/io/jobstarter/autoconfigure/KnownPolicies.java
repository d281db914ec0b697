package io.jobstarter.autoconfigure;

import java.util.Set;

/**
 * What instances of a kind of policy there are.
 */
interface KnownPolicies {

	/**
	 * What they are.
	 * @return the kind
	 */
	PolicyKind kind();

	/**
	 * Tells whether there is anything that holds such instances.
	 * @return whether there is a registry or an instance
	 */
	boolean isAnywhere();

	/**
	 * Lists them.
	 * @return their names, in order
	 */
	Set<String> names();

	/**
	 * Tells whether a name is that of a configuration from which instances can be made,
	 * rather than of an instance.
	 * @param name the name
	 * @return whether there is such a configuration
	 */
	boolean isTemplate(String name);

}
