package io.jobstarter.faults.mariadb;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

import io.jobstarter.faults.fleet.Fleet;
import io.jobstarter.faults.fleet.FleetDatabase;
import io.jobstarter.faults.fleet.FleetServer;
import io.jobstarter.faults.fleet.LoopLines;
import io.jobstarter.faults.fleet.NodeOptions;
import io.jobstarter.faults.fleet.NodeProcess;
import io.jobstarter.faults.fleet.RunProperties;
import io.jobstarter.faults.fleet.TcpProxy;
import io.jobstarter.faults.kill.Scenario;
import io.jobstarter.faults.kill.Workload;
import io.jobstarter.faults.oracle.Timeline;
import io.jobstarter.faults.oracle.Verdict;
import io.jobstarter.testdatabases.EmbeddedMariaDb;
import io.jobstarter.testdatabases.GaleraCluster;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A Galera cluster whose servers fail while two nodes work on it. Long form only: it
 * takes a minute for each.
 */
class GaleraTests {

	private static final Duration RESUME = Duration.ofSeconds(10);

	private static final Duration WORK = Duration.ofSeconds(3);

	/** The producer, and two nodes. */
	private static final int CLIENTS = 3;

	private final RunProperties properties = new RunProperties("faults.", System::getProperty);

	private final Scenario scenario = new Scenario(FleetServer.MARIADB, this.properties.seed(), 2, 20_000, 8,
			Duration.ofSeconds(10), Duration.ofSeconds(2), Duration.ofSeconds(1), Duration.ofMillis(100));

	private final List<TcpProxy> proxies = new ArrayList<>();

	private GaleraCluster cluster;

	private FleetDatabase database;

	private Fleet fleet;

	@BeforeEach
	void startCluster() {
		Assumptions.assumeTrue(this.properties.isLong(), "Galera takes minutes: -Dfaults.form=long");
		Assumptions.assumeTrue(GaleraCluster.isInstalled(), "Galera is not installed");
		this.cluster = GaleraCluster.start();
	}

	@AfterEach
	void close() {
		if (this.fleet != null) {
			this.fleet.close();
		}
		if (this.database != null) {
			this.database.close();
		}
		this.proxies.forEach(TcpProxy::close);
		if (this.cluster != null) {
			this.cluster.close();
		}
	}

	// What is supported: a proxy leads everybody to one server, and to another one when
	// that fails.
	@Test
	void nodesThatAllUseOneServerGoOnWithAnother() throws Exception {
		startNodes(0, 0, 0);
		try (Workload workload = new Workload(this.scenario, this.database, this.fleet)) {
			workload.start();
			work();
			this.cluster.server(0).crash();
			fail("crash", 1);
			work();
			this.cluster.server(0).restart();
			this.cluster.awaitInStep(0, 3);
			// It refuses everything and breaks no connection.
			isolate(1, true);
			fail("isolation", 2);
			isolate(1, false);
			this.cluster.awaitInStep(1, 3);
			work();
			this.cluster.server(2).hang();
			this.proxies.forEach(TcpProxy::reset);
			fail("hang", 0);
			this.cluster.server(2).resume();
			this.cluster.awaitInStep(2, 3);
			work();
			// As an operator would, for maintenance.
			switchTo(1);
			this.proxies.forEach(TcpProxy::reset);
			fail("switch", 1);
			judge(workload);
		}
	}

	// What is not supported, and loses nothing all the same: certification decides.
	@Test
	void nodesThatUseAServerEachLoseNothing() throws Exception {
		startNodes(0, 1, 2);
		try (Workload workload = new Workload(this.scenario, this.database, this.fleet)) {
			workload.start();
			work();
			work();
			long conflicts = conflicts();
			this.cluster.server(2).crash();
			this.proxies.get(2).target(this.cluster.server(1).port());
			work();
			work();
			judge(workload);
			System.out.println("Galera: " + conflicts + " conflicts of servers");
		}
	}

	private long conflicts() {
		return IntStream.range(0, GaleraCluster.SIZE)
			.mapToLong((i) -> status(i, "wsrep_local_cert_failures") + status(i, "wsrep_local_bf_aborts"))
			.sum();
	}

	private long status(int server, String name) {
		return operator(server).queryForObject("show status like '" + name + "'", (row, number) -> row.getLong(2));
	}

	private void startNodes(int... servers) {
		System.out.println("Galera: -Dfaults.form=long -Dfaults.seed=" + this.scenario.seed());
		for (int i = 0; i < CLIENTS; i++) {
			this.proxies.add(TcpProxy.to(this.cluster.server(servers[i]).port()));
		}
		FleetServer.Access access = FleetServer.accessTo(this.cluster.server(servers[0]));
		String url = access.url()
			.replace(":" + this.cluster.server(servers[0]).port(), ":" + this.proxies.get(0).port());
		this.database = FleetDatabase.open(FleetServer.MARIADB,
				new FleetServer.Access(url, access.username(), access.password(), List.of()),
				List.of("--logging.level.com.zaxxer.hikari=error", "--logging.level.org.mariadb=error"));
		this.fleet = new Fleet(this.database, this.scenario.nodeSettings());
		for (int i = 1; i < CLIENTS; i++) {
			this.fleet.start(NodeOptions.NONE.through(this.proxies.get(i)));
		}
		this.fleet.awaitAtWork(CLIENTS - 1);
	}

	private void work() {
		Awaitility.await().pollDelay(WORK).atMost(WORK.plusSeconds(60)).until(() -> true);
	}

	private void switchTo(int server) {
		this.proxies.forEach((proxy) -> proxy.target(this.cluster.server(server).port()));
	}

	private void isolate(int server, boolean isolated) {
		operator(server).execute("set global wsrep_provider_options = 'gmcast.isolate=" + (isolated ? 1 : 0) + "'");
	}

	private JdbcTemplate operator(int server) {
		EmbeddedMariaDb member = this.cluster.server(server);
		return new JdbcTemplate(new DriverManagerDataSource(member.jdbcUrl(), member.username(), member.password()));
	}

	// The time counts from when that server takes writes.
	private void fail(String what, int next) {
		JdbcTemplate operator = operator(next);
		switchTo(next);
		Awaitility.await(what + ": the cluster")
			.atMost(Duration.ofSeconds(30))
			.pollInterval(Duration.ofMillis(50))
			.ignoreExceptions()
			.until(() -> operator.update("create or replace table mysql.probe (id int primary key)") == 0);
		long back = System.nanoTime();
		String now = operator.queryForObject("select current_timestamp(6)", String.class);
		Awaitility.await(what)
			.atMost(RESUME)
			.pollInterval(Duration.ofMillis(50))
			.ignoreExceptions()
			.until(() -> this.database
				.count("(select distinct node from ledger where started_at > '" + now + "') n") == CLIENTS - 1);
		System.out.println("Galera: after " + what + " both nodes worked in "
				+ Timeline.seconds(Duration.ofNanos(System.nanoTime() - back)));
	}

	private void judge(Workload workload) throws Exception {
		Verdict verdict = workload.finish();
		System.out.println("Galera: " + verdict.summary());
		assertThat(verdict.isGood()).withFailMessage(verdict::explanation).isTrue();
		for (NodeProcess node : this.fleet.all()) {
			assertThat(LoopLines.tooMany(node)).isEmpty();
			System.out.println(node.name() + " complained " + LoopLines.complaints(node) + " times");
		}
	}

}
