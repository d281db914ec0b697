package io.jobstarter.rehearsal;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;

/**
 * The system that jobs call: broken at first, and well from some time on. Remembers who
 * called when.
 */
final class Downstream implements AutoCloseable {

	private final ExecutorService threads = Executors.newFixedThreadPool(16);

	private final HttpServer server;

	private volatile long start = System.nanoTime();

	private final List<Call> calls = new ArrayList<>();

	private boolean broken = true;

	Downstream() {
		try {
			this.server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
		}
		catch (IOException ex) {
			throw new IllegalStateException("The downstream system cannot be started", ex);
		}
		this.server.setExecutor(this.threads);
		this.server.createContext("/", this::answer);
		this.server.start();
	}

	URI uri() {
		return URI.create("http://localhost:" + this.server.getAddress().getPort());
	}

	private void answer(HttpExchange exchange) throws IOException {
		try (exchange) {
			exchange.getRequestBody().readAllBytes();
			int number = Integer.parseInt(exchange.getRequestURI().getPath().substring(1));
			exchange.sendResponseHeaders(note(number) ? 200 : 503, -1);
		}
	}

	private synchronized boolean note(int number) {
		this.calls.add(new Call(number, age(), !this.broken));
		return !this.broken;
	}

	/**
	 * Counts time from now on.
	 */
	void begin() {
		this.start = System.nanoTime();
	}

	/**
	 * Makes it well.
	 * @return how long it has been broken
	 */
	synchronized Duration heal() {
		this.broken = false;
		return age();
	}

	synchronized List<Call> calls() {
		return List.copyOf(this.calls);
	}

	private Duration age() {
		return Duration.ofNanos(System.nanoTime() - this.start);
	}

	@Override
	public void close() {
		this.server.stop(0);
		this.threads.shutdownNow();
	}

	/**
	 * A call.
	 *
	 * @param number the job's number
	 * @param at when, counted from the beginning of the outage
	 * @param answered whether it got what it wanted
	 */
	record Call(int number, Duration at, boolean answered) {
	}

}
