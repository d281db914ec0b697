package io.jobstarter.faults.load;

import java.io.BufferedReader;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * What jobs call, on a port of its own: it works, or says that it does not, or says
 * nothing. It notes every call that reaches it.
 */
final class Downstream implements Closeable {

	private final ServerSocket server;

	private final ExecutorService threads = Executors.newCachedThreadPool();

	private final List<Call> calls = new CopyOnWriteArrayList<>();

	private final List<Socket> unanswered = new CopyOnWriteArrayList<>();

	private volatile Mode mode = Mode.DOWN;

	Downstream() throws IOException {
		this.server = new ServerSocket(0, 500, InetAddress.getLoopbackAddress());
		this.threads.execute(this::accept);
	}

	int port() {
		return this.server.getLocalPort();
	}

	void is(Mode now) {
		this.mode = now;
	}

	/**
	 * Lists the calls that have come in.
	 * @return the calls, in their order
	 */
	List<Call> calls() {
		return List.copyOf(this.calls);
	}

	private void accept() {
		try {
			while (!this.server.isClosed()) {
				Socket socket = this.server.accept();
				this.threads.execute(() -> answer(socket));
			}
		}
		catch (IOException ex) {
			// It is closed.
		}
	}

	private void answer(Socket socket) {
		try {
			BufferedReader question = new BufferedReader(
					new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
			String line = question.readLine();
			if (line == null) {
				return;
			}
			Mode then = this.mode;
			String[] parts = line.split(" ");
			this.calls.add(new Call(parts[0], Integer.parseInt(parts[1]), then));
			if (then == Mode.SILENT) {
				this.unanswered.add(socket);
				return;
			}
			socket.getOutputStream().write(((then == Mode.UP) ? "ok\n" : "down\n").getBytes(StandardCharsets.UTF_8));
			socket.close();
		}
		catch (IOException ex) {
			// The caller is gone.
		}
	}

	@Override
	public void close() {
		try {
			this.server.close();
			for (Socket socket : this.unanswered) {
				socket.close();
			}
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		this.threads.shutdownNow();
	}

	/**
	 * How it does.
	 */
	enum Mode {

		UP, DOWN, SILENT

	}

	/**
	 * A call that has reached it.
	 *
	 * @param node who called
	 * @param number for which job
	 * @param mode how it did then
	 */
	record Call(String node, int number, Mode mode) {
	}

}
