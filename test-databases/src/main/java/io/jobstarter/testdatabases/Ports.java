package io.jobstarter.testdatabases;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Ports on the loopback interface.
 */
final class Ports {

	// Below the ports that systems hand to clients: while the server is down, a client
	// that keeps reconnecting could otherwise be given the server's own port.
	private static final int LOWEST = 15_000;

	private static final int HIGHEST = 31_999;

	private static final int ATTEMPTS = 100;

	private Ports() {
	}

	static int pickFree() {
		for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
			int port = ThreadLocalRandom.current().nextInt(LOWEST, HIGHEST + 1);
			if (isFree(port)) {
				return port;
			}
		}
		throw new IllegalStateException("Found no free port between " + LOWEST + " and " + HIGHEST);
	}

	static boolean isFree(int port) {
		try (ServerSocket socket = new ServerSocket(port, 1, InetAddress.getByName("127.0.0.1"))) {
			return socket.isBound();
		}
		catch (IOException ex) {
			return false;
		}
	}

}
