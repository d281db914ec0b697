package io.jobstarter.faults.life;

import java.util.ArrayList;
import java.util.List;

import io.jobstarter.faults.NodeApplication;
import io.jobstarter.faults.fleet.FleetDatabase;
import io.jobstarter.faults.fleet.TcpProxy;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;

/**
 * A node in this JVM, behind a network of its own that can be broken. When it is started
 * again, it has another name.
 */
final class LifeNode implements AutoCloseable {

	private final FleetDatabase database;

	private final LifeScenario scenario;

	private final LifeLog log;

	private final String name;

	private final TcpProxy proxy;

	private int starts;

	private @Nullable ConfigurableApplicationContext context;

	LifeNode(FleetDatabase database, LifeScenario scenario, LifeLog log, String name) {
		this.database = database;
		this.scenario = scenario;
		this.log = log;
		this.name = name;
		this.proxy = database.proxy();
	}

	/**
	 * Makes what starts an application that knows the jobs of this test.
	 * @param log hears of their bodies
	 * @return what starts it
	 */
	static SpringApplicationBuilder application(LifeLog log) {
		return new SpringApplicationBuilder(NodeApplication.class, LifeJobs.class)
			.initializers((context) -> context.getBeanFactory().registerSingleton("lifeLog", log));
	}

	void start() {
		String called = this.name + "-" + ++this.starts;
		List<String> arguments = new ArrayList<>(this.database.arguments(called, this.proxy));
		arguments.addAll(this.scenario.nodeSettings());
		arguments.add("--node.name=" + called);
		arguments.add("--spring.application.name=" + called);
		// Otherwise it is that of whoever started this JVM, such as Maven's, and with it
		// a
		// worker is called neither a-1 nor b-1.
		arguments.add("--spring.application.version=");
		this.context = application(this.log).run(arguments.toArray(String[]::new));
	}

	void stop() {
		if (this.context != null) {
			this.context.close();
			this.context = null;
		}
	}

	TcpProxy network() {
		return this.proxy;
	}

	@Override
	public void close() {
		this.proxy.pass();
		stop();
		this.proxy.close();
	}

}
