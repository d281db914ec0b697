package io.jobstarter.circuit;

import java.util.Set;

/**
 * Makes the circuit breakers of a node by the configurations that the application has.
 */
public interface LocalBreakers {

	/**
	 * Tells which configurations there are.
	 * @return the names of their instances
	 */
	Set<String> instances();

	/**
	 * Makes a breaker of the jobs' own.
	 * @param instance whose configuration it has, one of {@link #instances()}
	 * @param name its name within the fleet
	 * @param listener hears of its turns
	 * @return the breaker
	 */
	LocalBreaker create(String instance, String name, LocalBreaker.Listener listener);

}
