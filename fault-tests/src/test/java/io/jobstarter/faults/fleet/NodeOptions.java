package io.jobstarter.faults.fleet;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;

/**
 * What one node has to itself.
 *
 * @param settings its settings beyond those of its fleet, as Spring Boot's arguments
 * @param jvm further options of its JVM
 * @param environment further variables of its environment
 * @param proxy what stands between it and the database, if anything does
 * @param within the command that runs its JVM, with its arguments, if one does
 */
public record NodeOptions(List<String> settings, List<String> jvm, Map<String, String> environment,
		@Nullable TcpProxy proxy, List<String> within) {

	/** A node as any other. */
	public static final NodeOptions NONE = new NodeOptions(List.of(), List.of(), Map.of(), null, List.of());

	public NodeOptions {
		settings = List.copyOf(settings);
		jvm = List.copyOf(jvm);
		environment = Map.copyOf(environment);
		within = List.copyOf(within);
	}

	/**
	 * Adds a setting.
	 * @param setting as Spring Boot takes it: {@code --name=value}
	 * @return these options and the setting
	 */
	public NodeOptions with(String setting) {
		List<String> more = new ArrayList<>(this.settings);
		more.add(setting);
		return new NodeOptions(more, this.jvm, this.environment, this.proxy, this.within);
	}

	/**
	 * Adds an option of the JVM.
	 * @param option the option
	 * @return these options and that one
	 */
	public NodeOptions withJvm(String option) {
		List<String> more = new ArrayList<>(this.jvm);
		more.add(option);
		return new NodeOptions(this.settings, more, this.environment, this.proxy, this.within);
	}

	/**
	 * Lets the node reach the database through a proxy.
	 * @param proxy the proxy, in front of the fleet's database
	 * @return these options, with the proxy
	 */
	public NodeOptions through(TcpProxy proxy) {
		return new NodeOptions(this.settings, this.jvm, this.environment, proxy, this.within);
	}

	/**
	 * Lets another command run the node's JVM: one that puts it into a container, say.
	 * @param command the command and its arguments
	 * @return these options, with the command
	 */
	public NodeOptions within(String... command) {
		return new NodeOptions(this.settings, this.jvm, this.environment, this.proxy, List.of(command));
	}

	/**
	 * Lets the node's clock be wrong. What it measures durations by goes on as it does.
	 * @param offset how wrong, as {@code faketime} takes it: {@code +3h}
	 * @return these options, with the clock
	 */
	public NodeOptions withClock(String offset) {
		Map<String, String> more = new HashMap<>(this.environment);
		more.putAll(FakeTime.environment(offset));
		return new NodeOptions(this.settings, this.jvm, more, this.proxy, this.within);
	}

}
