package io.jobstarter.faults.servers;

import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import org.awaitility.Awaitility;

/**
 * What can happen to a PostgreSQL server. Each is over when the database is there again.
 */
enum ServerFault {

	/** As an operator restarts it: everybody is told, and out (57P01). */
	FAST_SHUTDOWN {
		@Override
		void strike(ServerScene scene) {
			scene.server().stop();
			ServerScene.pass(scene.outage());
			scene.server().restart();
		}
	},

	/** Nobody is told, and the next start has to recover. */
	IMMEDIATE_SHUTDOWN {
		@Override
		void strike(ServerScene scene) {
			scene.server().beginToQuit();
			scene.server().stop();
			ServerScene.pass(scene.outage());
			scene.server().restart();
		}
	},

	/**
	 * Nodes are put out, and not let in while the server waits for somebody else (57P03).
	 */
	SMART_SHUTDOWN {
		@Override
		void strike(ServerScene scene) throws SQLException {
			try (Connection last = scene.connect()) {
				scene.server().beginToShutDown();
				ServerScene.endSessions(last);
				ServerScene.pass(scene.outage());
			}
			scene.server().restart();
		}
	},

	/** The machine is gone, for longer than a lease. */
	CRASH {
		@Override
		void strike(ServerScene scene) {
			scene.server().crash();
			ServerScene.pass(scene.longerThanLease());
			scene.server().restart();
		}
	},

	/** One session is killed, as by the kernel: the server ends all and recovers. */
	KILLED_SESSION {
		@Override
		void strike(ServerScene scene) throws SQLException, IOException {
			long started;
			try (Connection connection = scene.connect()) {
				started = started(connection);
				long pid = ServerScene.number(connection,
						"select max(pid) from pg_stat_activity where application_name like 'node-%'");
				new ProcessBuilder("kill", "-KILL", String.valueOf(pid)).start();
			}
			Awaitility.await().ignoreExceptions().until(() -> {
				try (Connection connection = scene.connect()) {
					return started(connection) > started;
				}
			});
		}

		// Of a process that the server starts anew when it recovers.
		private static long started(Connection connection) throws SQLException {
			return ServerScene.number(connection, """
					select cast(extract(epoch from backend_start) * 1000000 as bigint) from pg_stat_activity
					where backend_type = 'checkpointer'
					""");
		}
	},

	/** It stands still for longer than a lease, and goes on. */
	HANG {
		@Override
		void strike(ServerScene scene) {
			scene.server().hang();
			ServerScene.pass(scene.longerThanLease());
			scene.server().resume();
		}
	},

	/** Sessions of nodes are ended again and again (57P01). */
	ENDED_SESSIONS {
		@Override
		void strike(ServerScene scene) throws SQLException {
			try (Connection connection = scene.connect()) {
				for (int i = 0; i < 20; i++) {
					ServerScene.endSessions(connection);
					ServerScene.pass(scene.outage().dividedBy(20));
				}
			}
		}
	},

	/**
	 * Somebody locks the table of jobs for longer than a lease, and sessions may wait for
	 * a moment only (55P03, 57014).
	 */
	LOCKED_TABLE {
		@Override
		void strike(ServerScene scene) throws SQLException {
			try (Connection connection = scene.connectToJobs()) {
				ServerScene.execute(connection, "alter role current_user set statement_timeout = '500ms'");
				ServerScene.endSessions(connection);
				connection.setAutoCommit(false);
				ServerScene.execute(connection, "lock table background_job_job in access exclusive mode");
				ServerScene.pass(scene.longerThanLease());
				connection.commit();
				connection.setAutoCommit(true);
				ServerScene.execute(connection, "alter role current_user reset statement_timeout");
				ServerScene.endSessions(connection);
			}
		}
	},

	/** Others have taken all connections (53300). */
	NO_CONNECTIONS {
		@Override
		void strike(ServerScene scene) throws SQLException {
			List<Connection> taken = new ArrayList<>();
			try (Connection connection = scene.connect()) {
				Awaitility.await().pollInterval(Duration.ofMillis(10)).pollInSameThread().until(() -> {
					ServerScene.endSessions(connection);
					takeAll(scene, taken);
					return ServerScene.sessions(connection) == 0;
				});
				ServerScene.pass(scene.outage());
			}
			finally {
				for (Connection each : taken) {
					each.close();
				}
			}
		}

		private static void takeAll(ServerScene scene, List<Connection> taken) {
			try {
				while (true) {
					taken.add(scene.connect());
				}
			}
			catch (SQLException ex) {
				// Too many connections.
			}
		}
	},

	/** A transaction of the engine's own and another one wait for each other (40P01). */
	DEADLOCK {
		@Override
		void strike(ServerScene scene) throws SQLException {
			try (Connection connection = scene.connectToJobs()) {
				connection.setAutoCommit(false);
				// The others notice first.
				ServerScene.execute(connection, "set local deadlock_timeout = '1min'");
				ServerScene.execute(connection, "lock table background_job_failure in share mode");
				Awaitility.await().pollInSameThread().until(() -> ServerScene.number(connection, WAITING) > 0);
				ServerScene.execute(connection,
						"select id from background_job_job where worker is not null for update");
				connection.commit();
			}
			Awaitility.await().until(() -> deadlocks(scene) > 0);
		}

		private static long deadlocks(ServerScene scene) throws SQLException {
			try (Connection connection = scene.connect()) {
				return ServerScene.number(connection, "select sum(deadlocks) from pg_stat_database");
			}
		}
	};

	private static final String WAITING = """
			select count(*) from pg_locks
			where not granted and relation = cast('background_job_failure' as regclass)
			""";

	/**
	 * Strikes, and waits until the database is there again.
	 * @param scene what is struck
	 * @throws Exception if the server does not do what it should
	 */
	abstract void strike(ServerScene scene) throws Exception;

}
